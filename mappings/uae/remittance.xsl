<?xml version="1.0" encoding="utf-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <!-- 20/11/2026 10:00 to 2026-11-20 -->
  <xsl:template name="day">
    <xsl:param name="of"/>
    <xsl:value-of select="concat(substring($of, 7, 4), '-', substring($of, 4, 2), '-', substring($of, 1, 2))"/>
  </xsl:template>

  <xsl:template match="/Remittance.Advice">
    <answers sender="{Header/SenderID}" receiver="{Header/ReceiverID}" count="{Header/RecordCount}">
      <xsl:attribute name="produced-on"><xsl:call-template name="day"><xsl:with-param name="of" select="Header/TransactionDate"/></xsl:call-template></xsl:attribute>
      <xsl:apply-templates select="Claim"/>
    </answers>
  </xsl:template>

  <xsl:template match="Claim">
    <payment claim="{ID}" payer-claim-number="{IDPayer}" paid-to="{ProviderID}" trace="{PaymentReference}" denial="{DenialCode}">
      <xsl:attribute name="paid-on"><xsl:call-template name="day"><xsl:with-param name="of" select="DateSettlement"/></xsl:call-template></xsl:attribute>
      <xsl:apply-templates select="Activity"/>
    </payment>
  </xsl:template>

  <xsl:template match="Activity">
    <line reference="{ID}" code="{Code}" quantity="{Quantity}" paid="{PaymentAmount}" denial="{DenialCode}" patient-share="{PatientShare}">
      <xsl:attribute name="charge">
        <xsl:choose>
          <xsl:when test="Gross"><xsl:value-of select="Gross"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="Net"/></xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:attribute name="start"><xsl:call-template name="day"><xsl:with-param name="of" select="Start"/></xsl:call-template></xsl:attribute>
    </line>
  </xsl:template>
</xsl:stylesheet>
