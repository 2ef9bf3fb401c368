/* Asks again for a file that is being made; the link does the same by hand. */
"use strict";

window.setTimeout(() => window.location.assign(document.getElementById("fetch").href), 2000);
