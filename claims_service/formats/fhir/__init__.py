"""FHIR R4: bytes to plain trees and back, and the tables that say where a billing value stands in a resource."""
