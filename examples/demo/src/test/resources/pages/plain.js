/** Before anything is on the screen: only the look that the query names is shown. */
document.documentElement.className = location.search.slice(1);
