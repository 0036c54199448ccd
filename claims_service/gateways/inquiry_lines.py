"""Which line questions in real time take: a clearinghouse's address, the sandbox insurers of a trial, or none."""

from claims_service.config import Config, data_folder
from claims_service.gateways.inquiry import InquiryLine


def line_for(config: Config) -> InquiryLine | None:
    """The clearinghouse of the settings; else the sandbox insurers while no real patients are about; else None: by file."""
    if config.inquiry_url:
        from claims_service.gateways.core_line import CoreLine

        return CoreLine(config)
    if config.mode == "production":
        return None
    from claims_service.gateways.sandbox_line import SandboxLine

    return SandboxLine(data_folder("fixtures") / "insurers", config.data_dir / "demo" / "insurers")
