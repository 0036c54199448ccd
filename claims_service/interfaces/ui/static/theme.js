// Runs before the first paint, so that a remembered dark page never flashes white.
try {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch { /* storage is off: the system's choice stands */ }
