"""The journal in the formats of accounting programs: hledger, beancount, and CSV for QuickBooks and Xero."""
