"""The first schema: a frozen copy of store/tables as they were then."""

# ruff: noqa: F405
# mypy: ignore-errors
from peewee import *  # noqa: F403


def up(migrator, db):
    class Practice(Model):
        name = TextField()
        npi = CharField(unique=True, max_length=10)
        tax_id = CharField(max_length=9)
        taxonomy = CharField(max_length=10)
        phone = CharField(max_length=20)
        email = TextField(default="")
        contact = TextField(default="")
        submitter_id = CharField(max_length=15)
        line1 = TextField(default="")
        line2 = TextField(default="")
        city = TextField(default="")
        state = TextField(default="")
        zip = TextField(default="")
        zone = CharField(max_length=64, default="America/Los_Angeles")
        remit_bank_account = TextField(default="")

        class Meta:
            database = db
            table_name = "practice"

    db.create_tables([Practice])

    class Patient(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        reference = TextField()
        last = TextField()
        first = TextField()
        middle = TextField(default="")
        birth_on = DateField()
        sex = CharField(max_length=1, default="U")
        line1 = TextField(default="")
        line2 = TextField(default="")
        city = TextField(default="")
        state = TextField(default="")
        zip = TextField(default="")
        phone = TextField(default="")
        email = TextField(default="")
        language = CharField(max_length=2, default="en")
        created_at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "patient"
            indexes = ((("practice", "reference"), True), (("practice", "last", "first"), False))

    db.create_tables([Patient])

    class Statement(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, on_delete="RESTRICT")
        number = CharField(unique=True, max_length=20)
        key = CharField(max_length=60)
        issued_on = DateField()
        due_on = DateField()
        owed_cents = BigIntegerField()
        content = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "statement"
            indexes = ((("practice", "key"), True),)

    db.create_tables([Statement])

    class Payment(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, on_delete="RESTRICT")
        statement = ForeignKeyField(Statement, null=True, on_delete="RESTRICT", index=False)
        method = CharField(max_length=8)
        cents = BigIntegerField()
        refunded_cents = BigIntegerField(default=0)
        state = CharField(max_length=10)
        key = CharField(max_length=80)
        receipt_number = CharField(unique=True, null=True, max_length=20)
        processor_reference = TextField(default="")
        check_number = TextField(default="")
        started_at = CharField(max_length=27)
        settled_at = CharField(null=True, max_length=27)
        by = TextField()

        class Meta:
            database = db
            table_name = "payment"
            indexes = ((("practice", "key"), True), (("processor_reference",), False))

    db.create_tables([Payment])

    class Provider(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        npi = CharField(max_length=10)
        last = TextField()
        first = TextField(default="")
        taxonomy = TextField(default="")

        class Meta:
            database = db
            table_name = "provider"
            indexes = ((("practice", "npi"), True),)

    db.create_tables([Provider])

    class EncounterRow(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, on_delete="RESTRICT")
        reference = TextField()
        served_on = DateField()
        place_of_service = CharField(max_length=2)
        rendering = ForeignKeyField(Provider, on_delete="RESTRICT", index=False)
        referring = ForeignKeyField(Provider, null=True, on_delete="RESTRICT", index=False)
        diagnoses = TextField()
        prior_authorization = TextField(default="")
        note = TextField(default="")
        state = CharField(max_length=16, default="recorded")
        source = TextField(default="")
        recorded_by = TextField()
        recorded_at = CharField(max_length=27)
        version = IntegerField(default=1)

        class Meta:
            database = db
            table_name = "encounter"
            indexes = ((("practice", "reference"), True), (("practice", "state"), False))

    db.create_tables([EncounterRow])

    class Payer(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        identifier = CharField(max_length=80)
        name = TextField()
        filing = CharField(max_length=2, default="CI")
        receiver_id = CharField(max_length=15)
        phone = TextField(default="")
        line1 = TextField(default="")
        city = TextField(default="")
        state = TextField(default="")
        zip = TextField(default="")
        timely_filing_days = IntegerField(default=365)
        originator = TextField(default="")

        class Meta:
            database = db
            table_name = "payer"
            indexes = ((("practice", "identifier"), True),)

    db.create_tables([Payer])

    class CoverageRow(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, on_delete="RESTRICT")
        payer = ForeignKeyField(Payer, on_delete="RESTRICT", index=False)
        rank = IntegerField(default=1)
        member_id = TextField()
        group_number = TextField(default="")
        plan_name = TextField(default="")
        relationship = CharField(max_length=2, default="18")
        subscriber_last = TextField(default="")
        subscriber_first = TextField(default="")
        subscriber_birth_on = DateField(null=True)
        subscriber_sex = TextField(default="")
        valid_from = DateField(null=True)
        valid_until = DateField(null=True)

        class Meta:
            database = db
            table_name = "coverage"

    db.create_tables([CoverageRow])

    class ClaimRow(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        encounter = ForeignKeyField(EncounterRow, on_delete="RESTRICT")
        patient = ForeignKeyField(Patient, on_delete="RESTRICT")
        coverage = ForeignKeyField(CoverageRow, null=True, on_delete="RESTRICT", index=False)
        payer = ForeignKeyField(Payer, null=True, on_delete="RESTRICT", index=False)
        sequence = CharField(max_length=1)
        control_number = CharField(unique=True, max_length=20)
        frequency = CharField(max_length=1, default="1")
        replaces = BigIntegerField(null=True)
        state = CharField(max_length=16)
        charge_cents = BigIntegerField()
        expected_cents = BigIntegerField(null=True)
        served_on = DateField()
        payer_claim_number = TextField(default="")
        other_payers = TextField(default="")
        built_at = CharField(max_length=27)
        changed_at = CharField(max_length=27)
        sent_at = CharField(null=True, max_length=27)
        version = IntegerField(default=1)

        class Meta:
            database = db
            table_name = "claim"
            indexes = ((("practice", "state"), False), (("practice", "payer_claim_number"), False))

    db.create_tables([ClaimRow])

    class Allocation(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        payment = ForeignKeyField(Payment, on_delete="RESTRICT")
        claim = ForeignKeyField(ClaimRow, on_delete="RESTRICT")
        cents = BigIntegerField()

        class Meta:
            database = db
            table_name = "allocation"

    db.create_tables([Allocation])

    class ApiKey(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        name = TextField()
        role = CharField(max_length=20)
        prefix = CharField(max_length=12)
        key_hash = CharField(unique=True, max_length=64)
        created_at = CharField(max_length=27)
        revoked_at = CharField(null=True, max_length=27)

        class Meta:
            database = db
            table_name = "api_key"

    db.create_tables([ApiKey])

    class Audit(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        seq = BigIntegerField()
        at = CharField(max_length=27)
        who = TextField()
        role = TextField(default="")
        address = TextField(default="")
        action = CharField(max_length=60)
        patient = BigIntegerField(null=True)
        subject = TextField(default="")
        why = TextField(default="")
        previous = CharField(max_length=64)
        hash = CharField(max_length=64)

        class Meta:
            database = db
            table_name = "audit"
            indexes = ((("practice", "seq"), True), (("practice", "patient"), False))

    db.create_tables([Audit])

    class AuditHead(Model):
        practice = IntegerField(unique=True)
        seq = BigIntegerField()
        hash = CharField(max_length=64)

        class Meta:
            database = db
            table_name = "audit_head"

    db.create_tables([AuditHead])

    class Balance(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        account = CharField(max_length=24)
        claim = BigIntegerField(default=0)
        patient = BigIntegerField(default=0)
        payer = BigIntegerField(default=0)
        cents = BigIntegerField()

        class Meta:
            database = db
            table_name = "balance"
            indexes = (
                (("practice", "account", "claim", "patient", "payer"), True),
                (("claim",), False),
                (("patient",), False),
            )

    db.create_tables([Balance])

    class ExchangeFile(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        payer = ForeignKeyField(Payer, null=True, on_delete="RESTRICT")
        direction = CharField(max_length=3)
        kind = CharField(max_length=6)
        name = TextField()
        sha256 = CharField(max_length=64)
        interchange_control = TextField(default="")
        group_control = TextField(default="")
        size = BigIntegerField()
        claim_count = IntegerField(default=0)
        total_cents = BigIntegerField(default=0)
        state = CharField(max_length=12)
        outcome = TextField(default="")
        duplicate_of = BigIntegerField(null=True)
        content = BlobField()
        at = CharField(max_length=27)
        by = TextField()

        class Meta:
            database = db
            table_name = "exchange_file"
            indexes = ((("practice", "sha256"), False), (("practice", "kind", "state"), False))

    db.create_tables([ExchangeFile])

    class BankLine(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        file = ForeignKeyField(ExchangeFile, on_delete="RESTRICT")
        key = CharField(max_length=160)
        account = CharField(max_length=40)
        booked_on = DateField()
        cents = BigIntegerField()
        description = TextField(default="")
        trace = TextField(default="")
        originator = TextField(default="")
        counterparty = TextField(default="")
        reference = TextField(default="")
        position = IntegerField()
        state = CharField(max_length=10)
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "bank_line"
            indexes = ((("practice", "key"), True), (("practice", "state"), False))

    db.create_tables([BankLine])

    class CardPayout(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        reference = CharField(max_length=80)
        paid_on = DateField()
        gross_cents = BigIntegerField()
        fee_cents = BigIntegerField()
        net_cents = BigIntegerField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "card_payout"
            indexes = ((("practice", "reference"), True),)

    db.create_tables([CardPayout])

    class ClaimEvent(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = ForeignKeyField(ClaimRow, on_delete="RESTRICT")
        at = CharField(max_length=27)
        kind = CharField(max_length=24)
        text = TextField()
        by = TextField()
        file = BigIntegerField(null=True)
        remittance = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "claim_event"

    db.create_tables([ClaimEvent])

    class ClaimLineRow(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = ForeignKeyField(ClaimRow, on_delete="RESTRICT")
        number = IntegerField()
        reference = CharField(max_length=30)
        procedure = CharField(max_length=5)
        modifiers = TextField(default="")
        units = CharField(max_length=12)
        pointers = TextField(default="")
        charge_cents = BigIntegerField()
        priced = BooleanField(default=True)
        expected_cents = BigIntegerField(null=True)
        served_on = DateField()
        place_of_service = TextField(default="")
        ndc = TextField(default="")
        description = TextField(default="")

        class Meta:
            database = db
            table_name = "claim_line"

    db.create_tables([ClaimLineRow])

    class Remittance(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        payer = ForeignKeyField(Payer, null=True, on_delete="RESTRICT", index=False)
        file = ForeignKeyField(ExchangeFile, on_delete="RESTRICT")
        key = CharField(max_length=120)
        signature = CharField(max_length=64)
        transaction_control = CharField(max_length=9)
        trace = TextField()
        originator = TextField(default="")
        payer_name = TextField(default="")
        payee_npi = TextField(default="")
        method = CharField(max_length=3)
        paid_cents = BigIntegerField()
        paid_on = DateField()
        produced_on = DateField(null=True)
        claim_count = IntegerField(default=0)
        state = CharField(max_length=12)
        reasons = TextField(default="")
        at = CharField(max_length=27)
        by = TextField()

        class Meta:
            database = db
            table_name = "remittance"
            indexes = ((("practice", "key"), False), (("practice", "trace"), False))

    db.create_tables([Remittance])

    class ClaimPaymentRow(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        remittance = ForeignKeyField(Remittance, on_delete="RESTRICT")
        claim = ForeignKeyField(ClaimRow, null=True, on_delete="RESTRICT")
        position = IntegerField()
        segment = IntegerField()
        control_number = TextField()
        status = CharField(max_length=2)
        charge_cents = BigIntegerField()
        paid_cents = BigIntegerField()
        payer_claim_number = TextField(default="")
        state = CharField(max_length=12)
        body = TextField()

        class Meta:
            database = db
            table_name = "claim_payment"

    db.create_tables([ClaimPaymentRow])

    class ClaimProblem(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = ForeignKeyField(ClaimRow, on_delete="RESTRICT")
        rule = CharField(max_length=40)
        severity = CharField(max_length=8)
        place = TextField(default="")
        message = TextField()
        mend = TextField(default="")
        found_at = CharField(max_length=27)
        settled_at = CharField(null=True, max_length=27)

        class Meta:
            database = db
            table_name = "claim_problem"

    db.create_tables([ClaimProblem])

    class Code(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        code_set = CharField(max_length=12)
        code = CharField(max_length=12)
        label = TextField()
        search = TextField()

        class Meta:
            database = db
            table_name = "code"
            indexes = ((("practice", "code_set", "code"), True),)

    db.create_tables([Code])

    class Counter(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        name = CharField(max_length=24)
        value = BigIntegerField()

        class Meta:
            database = db
            table_name = "counter"
            indexes = ((("practice", "name"), True),)

    db.create_tables([Counter])

    class DepositMatch(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        bank_line = ForeignKeyField(BankLine, on_delete="RESTRICT")
        kind = CharField(max_length=12)
        subject = BigIntegerField()
        cents = BigIntegerField()
        at = CharField(max_length=27)
        basis = TextField(default="")
        by = TextField()
        undone_at = CharField(null=True, max_length=27)
        undone_by = TextField(default="")

        class Meta:
            database = db
            table_name = "deposit_match"
            indexes = ((("practice", "kind", "subject"), False),)

    db.create_tables([DepositMatch])

    class EncounterLine(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        encounter = ForeignKeyField(EncounterRow, on_delete="RESTRICT")
        number = IntegerField()
        procedure = CharField(max_length=5)
        modifiers = TextField(default="")
        units = CharField(max_length=12, default="1")
        pointers = TextField(default="")
        charge_cents = BigIntegerField(null=True)
        served_on = DateField(null=True)
        place_of_service = TextField(default="")
        ndc = TextField(default="")
        description = TextField(default="")

        class Meta:
            database = db
            table_name = "encounter_line"

    db.create_tables([EncounterLine])

    class FeeSchedule(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        name = TextField()
        payer = ForeignKeyField(Payer, null=True, on_delete="RESTRICT", index=False)
        valid_from = DateField()
        valid_until = DateField(null=True)

        class Meta:
            database = db
            table_name = "fee_schedule"
            indexes = ((("practice", "name", "valid_from"), True),)

    db.create_tables([FeeSchedule])

    class Fee(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        schedule = ForeignKeyField(FeeSchedule, on_delete="RESTRICT", index=False)
        procedure = CharField(max_length=5)
        modifier = CharField(max_length=2, default="")
        cents = BigIntegerField()

        class Meta:
            database = db
            table_name = "fee"
            indexes = ((("schedule", "procedure", "modifier"), True),)

    db.create_tables([Fee])

    class FhirResource(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        kind = CharField(max_length=40)
        resource_id = CharField(max_length=64)
        version = IntegerField(default=1)
        body = BlobField()
        sha256 = CharField(max_length=64)
        source = CharField(max_length=16)
        patient = BigIntegerField(null=True)
        payer = BigIntegerField(null=True)
        identifier = TextField(default="")
        status = TextField(default="")
        updated_at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "fhir_resource"
            indexes = (
                (("practice", "kind", "resource_id", "version"), True),
                (("practice", "kind", "patient"), False),
                (("practice", "kind", "identifier"), False),
            )

    db.create_tables([FhirResource])

    class FileClaim(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        file = ForeignKeyField(ExchangeFile, on_delete="RESTRICT")
        claim = ForeignKeyField(ClaimRow, on_delete="RESTRICT")
        transaction_control = CharField(max_length=9)
        position = IntegerField()

        class Meta:
            database = db
            table_name = "file_claim"

    db.create_tables([FileClaim])

    class FileReceipt(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        file = ForeignKeyField(ExchangeFile, on_delete="RESTRICT")
        by = TextField()
        at = CharField(max_length=27)
        address = TextField(default="")

        class Meta:
            database = db
            table_name = "file_receipt"

    db.create_tables([FileReceipt])

    class HeldItem(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        kind = CharField(max_length=24)
        file = ForeignKeyField(ExchangeFile, null=True, on_delete="RESTRICT", index=False)
        remittance = ForeignKeyField(Remittance, null=True, on_delete="RESTRICT", index=False)
        claim_payment = ForeignKeyField(ClaimPaymentRow, null=True, on_delete="RESTRICT", index=False)
        place = TextField(default="")
        cents = BigIntegerField(null=True)
        message = TextField()
        mend = TextField(default="")
        opened_at = CharField(max_length=27)
        closed_at = CharField(null=True, max_length=27)
        closed_by = TextField(default="")
        outcome = TextField(default="")

        class Meta:
            database = db
            table_name = "held_item"
            indexes = ((("practice", "closed_at"), False),)

    db.create_tables([HeldItem])

    class Idempotency(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        who = CharField(max_length=80)
        key = CharField(max_length=200)
        request_hash = CharField(max_length=64)
        status = IntegerField(null=True)
        body = TextField(default="")
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "idempotency"
            indexes = ((("practice", "who", "key"), True),)

    db.create_tables([Idempotency])

    class Invoice(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, on_delete="RESTRICT")
        encounter = ForeignKeyField(EncounterRow, on_delete="RESTRICT")
        number = CharField(unique=True, max_length=20)
        issued_on = DateField()
        share_cents = BigIntegerField()
        content = TextField()
        replaced_by = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "invoice"

    db.create_tables([Invoice])

    class JournalEntry(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        posted_on = DateField()
        period = CharField(max_length=7)
        kind = CharField(max_length=24)
        key = CharField(max_length=160)
        source = CharField(max_length=24)
        source_id = BigIntegerField(null=True)
        memo = TextField(default="")
        total_cents = BigIntegerField()
        reverses = BigIntegerField(null=True)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "journal_entry"
            indexes = ((("practice", "key"), True), (("practice", "source", "source_id"), False))

    db.create_tables([JournalEntry])

    class JournalTransfer(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        entry = ForeignKeyField(JournalEntry, deferrable="INITIALLY DEFERRED", index=False)
        debit = CharField(max_length=24)
        credit = CharField(max_length=24)
        cents = BigIntegerField()
        claim = BigIntegerField(null=True)
        line = IntegerField(null=True)
        patient = BigIntegerField(null=True)
        payer = BigIntegerField(null=True)
        reason = TextField(default="")

        class Meta:
            database = db
            table_name = "journal_transfer"
            indexes = ((("entry",), False), (("claim",), False), (("patient",), False))

    db.create_tables([JournalTransfer])

    class Period(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        month = CharField(max_length=7)
        closed_at = CharField(max_length=27)
        closed_by = TextField()
        digest = CharField(max_length=64)
        body = TextField()

        class Meta:
            database = db
            table_name = "period"
            indexes = ((("practice", "month"), True),)

    db.create_tables([Period])

    class PortalLink(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, on_delete="RESTRICT", index=False)
        token_hash = CharField(unique=True, max_length=64)
        made_at = CharField(max_length=27)
        expires_at = CharField(max_length=27)
        used_at = CharField(null=True, max_length=27)
        failures = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "portal_link"

    db.create_tables([PortalLink])

    class ProcessorEvent(Model):
        event_id = CharField(unique=True, max_length=120)
        kind = CharField(max_length=60)
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "processor_event"

    db.create_tables([ProcessorEvent])

    class ProviderAdjustmentRow(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        remittance = ForeignKeyField(Remittance, on_delete="RESTRICT")
        reason = CharField(max_length=2)
        reference = TextField(default="")
        cents = BigIntegerField()
        claim = ForeignKeyField(ClaimRow, null=True, on_delete="RESTRICT", index=False)
        account = TextField(default="")

        class Meta:
            database = db
            table_name = "provider_adjustment"

    db.create_tables([ProviderAdjustmentRow])

    class User(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        email = CharField(max_length=254)
        name = TextField()
        role = CharField(max_length=20)
        password_hash = TextField()
        payer = ForeignKeyField(Payer, null=True, on_delete="RESTRICT", index=False)
        active = BooleanField(default=True)
        created_at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "app_user"
            indexes = ((("email",), True),)

    db.create_tables([User])

    class Session(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        token_hash = CharField(unique=True, max_length=64)
        user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
        patient = ForeignKeyField(Patient, null=True, on_delete="RESTRICT", index=False)
        created_at = CharField(max_length=27)
        seen_at = CharField(max_length=27)
        ended_at = CharField(null=True, max_length=27)
        address = TextField(default="")

        class Meta:
            database = db
            table_name = "session"

    db.create_tables([Session])

    class SignInAttempt(Model):
        subject_hash = CharField(max_length=64)
        address = CharField(max_length=64)
        at = CharField(max_length=27)
        succeeded = BooleanField()

        class Meta:
            database = db
            table_name = "sign_in_attempt"
            indexes = ((("subject_hash", "at"), False), (("address", "at"), False))

    db.create_tables([SignInAttempt])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("sign_in_attempt"))
    migrator.migrate(migrator.drop_table("session"))
    migrator.migrate(migrator.drop_table("app_user"))
    migrator.migrate(migrator.drop_table("provider_adjustment"))
    migrator.migrate(migrator.drop_table("processor_event"))
    migrator.migrate(migrator.drop_table("portal_link"))
    migrator.migrate(migrator.drop_table("period"))
    migrator.migrate(migrator.drop_table("journal_transfer"))
    migrator.migrate(migrator.drop_table("journal_entry"))
    migrator.migrate(migrator.drop_table("invoice"))
    migrator.migrate(migrator.drop_table("idempotency"))
    migrator.migrate(migrator.drop_table("held_item"))
    migrator.migrate(migrator.drop_table("file_receipt"))
    migrator.migrate(migrator.drop_table("file_claim"))
    migrator.migrate(migrator.drop_table("fhir_resource"))
    migrator.migrate(migrator.drop_table("fee"))
    migrator.migrate(migrator.drop_table("fee_schedule"))
    migrator.migrate(migrator.drop_table("encounter_line"))
    migrator.migrate(migrator.drop_table("deposit_match"))
    migrator.migrate(migrator.drop_table("counter"))
    migrator.migrate(migrator.drop_table("code"))
    migrator.migrate(migrator.drop_table("claim_problem"))
    migrator.migrate(migrator.drop_table("claim_payment"))
    migrator.migrate(migrator.drop_table("remittance"))
    migrator.migrate(migrator.drop_table("claim_line"))
    migrator.migrate(migrator.drop_table("claim_event"))
    migrator.migrate(migrator.drop_table("card_payout"))
    migrator.migrate(migrator.drop_table("bank_line"))
    migrator.migrate(migrator.drop_table("exchange_file"))
    migrator.migrate(migrator.drop_table("balance"))
    migrator.migrate(migrator.drop_table("audit_head"))
    migrator.migrate(migrator.drop_table("audit"))
    migrator.migrate(migrator.drop_table("api_key"))
    migrator.migrate(migrator.drop_table("allocation"))
    migrator.migrate(migrator.drop_table("claim"))
    migrator.migrate(migrator.drop_table("coverage"))
    migrator.migrate(migrator.drop_table("payer"))
    migrator.migrate(migrator.drop_table("encounter"))
    migrator.migrate(migrator.drop_table("provider"))
    migrator.migrate(migrator.drop_table("payment"))
    migrator.migrate(migrator.drop_table("statement"))
    migrator.migrate(migrator.drop_table("patient"))
    migrator.migrate(migrator.drop_table("practice"))
