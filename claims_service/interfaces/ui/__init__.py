"""What the three sites share: layouts, macros, style sheet, filters and error pages. README.md lists them."""
