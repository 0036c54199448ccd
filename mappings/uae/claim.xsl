<?xml version="1.0" encoding="utf-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="utf-8" indent="yes"/>

  <!-- 2026-11-02T09:00 to 02/11/2026 09:00 -->
  <xsl:template name="instant">
    <xsl:param name="of"/>
    <xsl:value-of select="concat(substring($of, 9, 2), '/', substring($of, 6, 2), '/', substring($of, 1, 4), ' ', substring($of, 12, 5))"/>
  </xsl:template>

  <!-- ICD-10 with its dot -->
  <xsl:template name="diagnosis">
    <xsl:param name="code"/>
    <xsl:value-of select="substring($code, 1, 3)"/>
    <xsl:if test="string-length($code) &gt; 3">.<xsl:value-of select="substring($code, 4)"/></xsl:if>
  </xsl:template>

  <xsl:template match="/claims">
    <Claim.Submission>
      <Header>
        <SenderID><xsl:value-of select="@sender"/></SenderID>
        <ReceiverID><xsl:value-of select="@receiver"/></ReceiverID>
        <TransactionDate><xsl:call-template name="instant"><xsl:with-param name="of" select="@created"/></xsl:call-template></TransactionDate>
        <RecordCount><xsl:value-of select="count(claim)"/></RecordCount>
        <DispositionFlag><xsl:choose><xsl:when test="@test='true'">TEST</xsl:when><xsl:otherwise>PRODUCTION</xsl:otherwise></xsl:choose></DispositionFlag>
      </Header>
      <xsl:apply-templates select="claim"/>
    </Claim.Submission>
  </xsl:template>

  <xsl:template match="claim">
    <Claim>
      <ID><xsl:value-of select="@id"/></ID>
      <xsl:if test="@payer-claim-number"><IDPayer><xsl:value-of select="@payer-claim-number"/></IDPayer></xsl:if>
      <MemberID><xsl:value-of select="@member"/></MemberID>
      <PayerID>
        <xsl:choose>
          <xsl:when test="@payer"><xsl:value-of select="@payer"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="../@receiver"/></xsl:otherwise>
        </xsl:choose>
      </PayerID>
      <ProviderID><xsl:value-of select="../@sender"/></ProviderID>
      <!-- 999...: the person's number is not known -->
      <EmiratesIDNumber>
        <xsl:choose>
          <xsl:when test="@national-id"><xsl:value-of select="@national-id"/></xsl:when>
          <xsl:otherwise>999-9999-9999999-9</xsl:otherwise>
        </xsl:choose>
      </EmiratesIDNumber>
      <Gross><xsl:value-of select="@gross"/></Gross>
      <PatientShare><xsl:value-of select="@patient-share"/></PatientShare>
      <Net><xsl:value-of select="@net"/></Net>
      <VAT><xsl:value-of select="@tax"/></VAT>
      <xsl:apply-templates select="encounter"/>
      <xsl:apply-templates select="diagnosis"/>
      <xsl:apply-templates select="line"/>
      <xsl:if test="@frequency='7'">
        <Resubmission>
          <Type>correction</Type>
          <Comment><xsl:value-of select="concat('Replaces ', @payer-claim-number)"/></Comment>
        </Resubmission>
      </xsl:if>
    </Claim>
  </xsl:template>

  <xsl:template match="encounter">
    <Encounter>
      <FacilityID><xsl:value-of select="../../@sender"/></FacilityID>
      <!-- 1 no bed, 2 no bed and emergency room, 3 inpatient, 12 at home -->
      <Type>
        <xsl:choose>
          <xsl:when test="@type"><xsl:value-of select="@type"/></xsl:when>
          <xsl:when test="@place='21' or @bill='11'">3</xsl:when>
          <xsl:when test="@place='23'">2</xsl:when>
          <xsl:when test="@place='12'">12</xsl:when>
          <xsl:otherwise>1</xsl:otherwise>
        </xsl:choose>
      </Type>
      <PatientID><xsl:value-of select="../@patient"/></PatientID>
      <Start><xsl:call-template name="instant"><xsl:with-param name="of" select="@start"/></xsl:call-template></Start>
      <End><xsl:call-template name="instant"><xsl:with-param name="of" select="@end"/></xsl:call-template></End>
      <!-- 1 elective, 2 emergency -->
      <StartType>
        <xsl:choose>
          <xsl:when test="@start-type"><xsl:value-of select="@start-type"/></xsl:when>
          <xsl:when test="@place='23'">2</xsl:when>
          <xsl:otherwise>1</xsl:otherwise>
        </xsl:choose>
      </StartType>
      <!-- 1 discharged with approval -->
      <EndType>
        <xsl:choose>
          <xsl:when test="@end-type"><xsl:value-of select="@end-type"/></xsl:when>
          <xsl:otherwise>1</xsl:otherwise>
        </xsl:choose>
      </EndType>
    </Encounter>
  </xsl:template>

  <xsl:template match="diagnosis">
    <Diagnosis>
      <Type><xsl:choose><xsl:when test="@rank=1">Principal</xsl:when><xsl:otherwise>Secondary</xsl:otherwise></xsl:choose></Type>
      <Code><xsl:call-template name="diagnosis"><xsl:with-param name="code" select="@code"/></xsl:call-template></Code>
    </Diagnosis>
  </xsl:template>

  <xsl:template match="line">
    <Activity>
      <ID><xsl:value-of select="@id"/></ID>
      <Start><xsl:call-template name="instant"><xsl:with-param name="of" select="@start"/></xsl:call-template></Start>
      <Type>
        <xsl:choose>
          <xsl:when test="@system='CPT'">3</xsl:when>
          <xsl:when test="@system='HCPCS'">4</xsl:when>
          <xsl:when test="@system='DRUG'">5</xsl:when>
          <xsl:when test="@system='CDT'">6</xsl:when>
          <xsl:when test="@system='SERVICE'">8</xsl:when>
          <xsl:when test="@system='DRG'">9</xsl:when>
          <xsl:otherwise><xsl:message terminate="yes">a service has a kind of code this format does not know</xsl:message></xsl:otherwise>
        </xsl:choose>
      </Type>
      <Code><xsl:value-of select="@code"/></Code>
      <Quantity><xsl:value-of select="format-number(@quantity, '0.00')"/></Quantity>
      <Net><xsl:value-of select="@net"/></Net>
      <OrderingClinician><xsl:value-of select="@ordering"/></OrderingClinician>
      <Clinician><xsl:value-of select="@performing"/></Clinician>
      <xsl:if test="../@authorization"><PriorAuthorizationID><xsl:value-of select="../@authorization"/></PriorAuthorizationID></xsl:if>
      <VAT>0</VAT>
      <VATPercent>0</VATPercent>
      <xsl:apply-templates select="observation"/>
    </Activity>
  </xsl:template>

  <xsl:template match="observation">
    <Observation>
      <Type><xsl:value-of select="@type"/></Type>
      <Code><xsl:value-of select="@code"/></Code>
      <Value><xsl:value-of select="@value"/></Value>
      <ValueType><xsl:value-of select="@unit"/></ValueType>
    </Observation>
  </xsl:template>
</xsl:stylesheet>
