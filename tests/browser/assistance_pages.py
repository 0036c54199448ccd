"""Financial assistance in the states in which people meet it."""

from tests.browser.visit import Visit, pressing

_OPEN, _GRANTED = (
    f"select id from assistance where state = '{state}' order by id limit 1" for state in ("open", "granted")
)
_PATIENT = "select patient_id from statement order by id limit 1"
_ONE, _OWN = "/staff/assistance/{}", "/portal/assistance/{}"

NO_ASSISTANCE_PAGES = {
    "staff.application_paper": "a photo or a PDF",
    "staff.assistance_letter_paper": "a PDF",
    "portal.assistance_paper": "a photo or a PDF",
    "portal.assistance_letter_paper": "a PDF",
}
STAFF_ASSISTANCE = (
    Visit("staff.assistance_list", "biller", "/staff/assistance"),
    Visit("staff.assistance_list", "manager", "/staff/assistance?view=granted", name="assistance-granted"),
    Visit("staff.assistance_page", "biller", _ONE, _OPEN),
    Visit("staff.assistance_page", "front_desk", _ONE, _GRANTED),
    Visit("staff.assistance_page", "biller", _ONE, _OPEN, pressing("Add"), 422, "assistance-no-paper"),
    Visit("staff.new_assistance", "front_desk", "/staff/patients/{}/assistance/new", _PATIENT),
    Visit("staff.new_assistance", "biller", "/staff/patients/{}/assistance/new", _PATIENT, pressing("Take the application"), 422, "assistance-empty"),
    Visit("staff.assistance_scale", "manager", "/staff/assistance/scale"),
)  # fmt: skip
PORTAL_ASSISTANCE = (
    Visit("portal.assistance_list", "owing", "/portal/assistance"),
    Visit("portal.assistance_list", "spanish", "/portal/assistance?lang=es", "", pressing("Pedir ayuda"), 422),
    Visit("portal.assistance_list", "hoping", "/portal/assistance", name="assistance-waiting"),
    Visit("portal.assistance_page", "hoping", _OWN, "newest application"),
    Visit("portal.assistance_page", "helped", f"{_OWN}?lang=es", "newest application"),
)
