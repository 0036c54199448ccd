"""What layouts, macros and error pages of the shared interface say, for readers of Spanish."""

PROBLEMS = {
    "Choose at least one service.": "Elija al menos un servicio.",
    "We are looking into this service already.": "Ya estamos revisando este servicio.",
    "Choose what is wrong.": "Elija qué está mal.",
    "Tell us in a few words.": "Cuéntenos en pocas palabras.",
    "Write a few words.": "Escriba unas palabras.",
    "Write 4,000 letters at most.": "Escriba 4,000 letras como máximo.",
    "The file is larger than 10 MB. Send a smaller photo.": "El archivo pasa de 10 MB. Envíe una foto más pequeña.",
    "Write how many people live from this income, you included.": "Escriba cuántas personas viven de este ingreso, contándole a usted.",
    "Write the income of a whole year, before taxes.": "Escriba el ingreso de todo un año, antes de impuestos.",
    "Choose a photo or a PDF.": "Elija una foto o un PDF.",
    "Send 10 papers at most.": "Envíe 10 papeles como máximo.",
    "Send a photo (JPEG, PNG, WebP, HEIC) or a PDF.": "Envíe una foto (JPEG, PNG, WebP, HEIC) o un PDF.",
}
"""What the steps refuse a patient's form for."""

SHELL = {
    "Error:": "Error:",
    "Skip to the main part": "Ir al contenido principal",
    "Your clinic": "Su clínica",
    "Bills and payments": "Facturas y pagos",
    "Main": "Principal",
    "Sign out": "Salir",
    "Light or dark": "Claro u oscuro",
    "Talk to a person": "Hable con una persona",
    "Write to us": "Escríbanos",
    "Need another language or large print?": "¿Necesita otro idioma o letra grande?",
    "It is free.": "Es gratis.",
    "Get help": "Pida ayuda",
    "Call us.": "Llámenos.",
    "There is a problem": "Hay un problema",
    "(if any)": "(si hay)",
    "Receipt": "Recibo",
    "not known yet": "aún no se sabe",
    "Go to my bills": "Ir a mis facturas",
    "Try again": "Intentar otra vez",
    "If you call us, give this number:": "Si nos llama, dé este número:",
    "We could not read this request": "No pudimos leer lo que envió",
    "Something in it was missing or damaged on the way, or the page was open too long. Nothing was changed.": (
        "Algo faltaba o se dañó en el camino, o la página estuvo abierta demasiado tiempo. No se cambió nada."
    ),
    "Go back, load the page again and send it once more.": "Vuelva atrás, cargue la página otra vez y envíelo de nuevo.",
    "This page is not open to you": "Esta página no está abierta para usted",
    "You are signed in, but your role does not include this. Nothing was changed.": (
        "Usted entró, pero esta página no es para usted. No se cambió nada."
    ),
    "If you need it for your work, ask the person who manages sign-ins.": "Si la necesita, llámenos.",
    "There is nothing at this address": "No hay nada en esta dirección",
    "It may have been typed wrong, or it belongs to someone else.": (
        "Tal vez está mal escrita, o le pertenece a otra persona."
    ),
    "Check the address, or start from the page below.": "Revise la dirección o empiece por la página de abajo.",
    "This page cannot be used that way": "Esta página no se puede usar así",
    "The address is right, but it does not take what was sent. Nothing was changed.": (
        "La dirección es correcta, pero no acepta lo que se envió. No se cambió nada."
    ),
    "Start from the page below and use its buttons.": "Empiece por la página de abajo y use sus botones.",
    "Someone else changed this first": "Otra persona lo cambió primero",
    "Your change was not saved, so theirs is not lost. Go back: what you typed is still there.": (
        "Su cambio no se guardó, para no perder el otro. Vuelva atrás: lo que escribió sigue ahí."
    ),
    "Look at the newest version, then make your change again.": "Vea la versión más nueva y haga su cambio otra vez.",
    "This file is too large": "Este archivo es demasiado grande",
    "It is larger than we take, so none of it was read and nothing was changed.": (
        "Es más grande de lo que aceptamos. No se leyó nada y no se cambió nada."
    ),
    "Split it into smaller files and send them one after the other.": "Divídalo en archivos más pequeños y envíelos uno por uno.",
    "We understood this, but cannot do it": "Lo entendimos, pero no podemos hacerlo",
    "Part of what was sent does not fit together. Nothing was changed.": "Algo de lo que envió no concuerda. No se cambió nada.",
    "Go back, check what you entered and send it again.": "Vuelva atrás, revise lo que escribió y envíelo otra vez.",
    "Too many tries in a short time": "Demasiados intentos en poco tiempo",
    "To keep accounts safe we pause for a while. Nothing was changed.": (
        "Para proteger las cuentas hacemos una pausa. No se cambió nada."
    ),
    "Wait a few minutes, then try again.": "Espere unos minutos e inténtelo otra vez.",
}
