"""Insurers that run on one laptop: they read the 837P we send, answer it, decide by a small benefit plan and pay by 835.

They share the X12 codec with the service and nothing else: no claim, pricing or posting code, so each side judges the other.
"""

from claims_service.gateways.sandbox_insurer.insurer import Answer, SandboxInsurer, Transfer
from claims_service.gateways.sandbox_insurer.plan import Plan, load_plan

__all__ = ["Answer", "Plan", "SandboxInsurer", "Transfer", "load_plan"]
