"""Programs come in here: the JSON API under /api/v1 and FHIR R4 under /fhir."""
