"""A stay and a visit to the dentist as they are typed into the visit form; the same as tests.workflow.stays."""

STAY = {
    "kind": "I", "place": "21", "served_on": "11/10/2026", "stay-type_of_bill": "11", "stay-statement_until": "11/12/2026",
    "stay-admitted_on": "11/10/2026", "stay-admitted_time": "09:30", "stay-discharged_time": "1400", "stay-admission_type": "1",
    "stay-admission_source": "1", "stay-patient_status": "01", "stay-admitting_diagnosis": "R50.9", "stay-drg": "194",
    "stay-operating": "1", "stay-present": "YN", "stay-surgeries": "0DTJ4ZZ 11/11/2026", "stay-occurrences": "11 11/09/2026",
    "stay-spans": "72 11/10/2026 11/12/2026", "stay-values": "80 2", "stay-conditions": "09",
    "lines-0-code": "", "lines-0-units": "2", "lines-0-charge": "1800", "lines-0-more": "rev 0120, days", "lines-0-pointers": "",
    "lines-1-code": "85025", "lines-1-charge": "30", "lines-1-more": "rev 305", "lines-1-pointers": "",
}  # fmt: skip
TOOTH = {
    "kind": "D", "diagnosis-0": "K02.9", "diagnosis-1": "", "lines-0-code": "D2392", "lines-0-charge": "210", "lines-0-pointers": "A",
    "lines-0-more": "tooth 14 MO", "lines-1-code": "", "lines-1-pointers": "",
}  # fmt: skip
