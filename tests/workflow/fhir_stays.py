"""The stay and the filling of tests.workflow.stays as a hospital's system sends them in FHIR."""

from typing import Any

NUBC = "https://www.nubc.org/CodeSystem/"
CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType"
ICD, CPT, CDT = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.ama-assn.org/go/cpt", "http://www.ada.org/cdt"
TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
ZONE = "-08:00"


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def told(category: str, system: str, code: str, **more: Any) -> dict[str, Any]:
    return {"category": concept(CARIN, category), "code": concept(system, code), **more}


def usd(value: float) -> dict[str, Any]:
    return {"value": value, "currency": "USD"}


def bundle(kind: str) -> dict[str, Any]:
    """A Bundle with Alma, who is known here as P1, her doctor, the visit and its Claim."""
    ref = {name: {"reference": f"urn:uuid:{name}"} for name in ("p1", "d1", "e1", "o1", "v1")}
    claim = hospital(ref) if kind == "837I" else dentist(ref)
    resources: list[dict[str, Any]] = [
        {
            "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1980-01-01",
            "identifier": [{"system": "urn:clinic", "value": "P1"}], "name": [{"family": "Testpatient", "given": ["Alma"]}],
        },
        {
            "resourceType": "Practitioner", "id": "d1", "name": [{"family": "Voss", "given": ["Imani"]}],
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1990000022"}],
        },
        {
            "resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "IMP" if kind == "837I" else "AMB"},
            "subject": ref["p1"], "participant": [{"individual": ref["d1"]}], "period": {"start": "2026-11-10T09:30:00" + ZONE},
        },
        {
            "resourceType": "Claim", "id": "k1", "status": "active", "use": "claim", "patient": ref["p1"], "created": "2026-11-12",
            "provider": ref["d1"], "priority": concept("urn:p", "normal"), **claim,
        },
    ]  # fmt: skip
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def hospital(ref: dict[str, Any]) -> dict[str, Any]:
    absent = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable")
    facts = [
        told("typeofbill", f"{NUBC}TypeOfBill", "0111"), told("pointoforigin", f"{NUBC}PointOfOrigin", "1"),
        told("admtype", f"{NUBC}PriorityTypeOfAdmitOrVisit", "1"), told("discharge-status", f"{NUBC}PatDischargeStatus", "01"),
        told("drg", "https://www.cms.gov/MS-DRG", "194"),
        {
            "category": concept(CARIN, "admissionperiod"),
            "timingPeriod": {"start": f"2026-11-10T09:30:00{ZONE}", "end": f"2026-11-12T14:00:00{ZONE}"},
        },
        told("info", f"{NUBC}OccurrenceCodes", "11", timingDate="2026-11-09"),
        told("info", f"{NUBC}OccurrenceSpanCodes", "72", timingPeriod={"start": "2026-11-10", "end": "2026-11-12"}),
        told("info", f"{NUBC}ValueCodes", "80", valueQuantity={"value": 2}), told("info", f"{NUBC}ConditionCodes", "09"),
    ]  # fmt: skip
    poa = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/HospitalAcqCond/Coding"
    diagnoses = [("J06.9", "principal", "Y"), ("R50.9", "other", "N"), ("R50.9", "admitting", "")]
    return {
        "type": concept(TYPE, "institutional"), "billablePeriod": {"start": "2026-11-10", "end": "2026-11-12"},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "no_insurance"}}],
        "careTeam": [{"sequence": 1, "provider": ref["d1"], "role": concept("urn:role", "operating")}],
        "supportingInfo": [{"sequence": n, **fact} for n, fact in enumerate(facts, 1)],
        "diagnosis": [
            {
                "sequence": n, "diagnosisCodeableConcept": concept(ICD, code), "type": [concept("urn:type", kind)],
                **({"onAdmission": concept(poa, mark)} if mark else {}),
            }
            for n, (code, kind, mark) in enumerate(diagnoses, 1)
        ],
        "procedure": [
            {"sequence": 1, "date": "2026-11-11", "procedureCodeableConcept": concept("http://www.cms.gov/Medicare/Coding/ICD10", "0DTJ4ZZ")}
        ],
        "item": [
            {
                "sequence": 1, "revenue": concept(f"{NUBC}RevenueCodes", "0120"), "productOrService": absent, "encounter": [ref["e1"]],
                "quantity": {"value": 2, "code": "DA"}, "net": usd(1800),
            },
            {
                "sequence": 2, "revenue": concept(f"{NUBC}RevenueCodes", "0305"), "productOrService": concept(CPT, "85025"),
                "encounter": [ref["e1"]], "net": usd(30),
            },
        ],
    }  # fmt: skip


def dentist(ref: dict[str, Any]) -> dict[str, Any]:
    filling = {
        "sequence": 1, "productOrService": concept(CDT, "D2392"), "encounter": [ref["e1"]], "diagnosisSequence": [1], "net": usd(210),
        "servicedDate": "2026-11-10", "bodySite": concept("urn:tooth", "14"),
        "subSite": [concept("urn:surface", "M"), concept("urn:surface", "O")],
    }  # fmt: skip
    return {
        "type": concept(TYPE, "oral"), "billablePeriod": {"start": "2026-11-10", "end": "2026-11-10"},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "no_insurance"}}],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept(ICD, "K02.9")}], "item": [filling],
    }  # fmt: skip
