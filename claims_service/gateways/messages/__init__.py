"""Messages to patients: a mail server, or a folder that stands in for one."""
