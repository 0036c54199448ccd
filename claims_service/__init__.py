"""Healthcare billing: encounters, claims, remittances, journal, statements, payments and deposits."""
