/**
 * Labels in ten languages besides English: for a page that asks for them by loading this file, as a module, beside
 * `visitor-counter.js` or `visitor-counter.min.js`. The language is that of the nearest `lang`, else the browser's.
 */

const LABELS = {
  de: {
    "live-one": "{n} Besucher gerade hier",
    "live-other": "{n} Besucher gerade hier",
    "total-one": "{n} Besuch bisher",
    "total-other": "{n} Besuche bisher",
    "stale-label": "Verbindung unterbrochen, die Zahl ist vielleicht veraltet",
  },
  es: {
    "live-one": "{n} visitante ahora",
    "live-other": "{n} visitantes ahora",
    "total-one": "{n} visita hasta ahora",
    "total-other": "{n} visitas hasta ahora",
    "stale-label": "sin conexión, el número puede no estar actualizado",
  },
  fr: {
    "live-one": "{n} visiteur en ce moment",
    "live-other": "{n} visiteurs en ce moment",
    "total-one": "{n} visite à ce jour",
    "total-other": "{n} visites à ce jour",
    "stale-label": "connexion perdue, le nombre n’est peut-être plus à jour",
  },
  it: {
    "live-one": "{n} visitatore in questo momento",
    "live-other": "{n} visitatori in questo momento",
    "total-one": "{n} visita finora",
    "total-other": "{n} visite finora",
    "stale-label": "connessione persa, il numero potrebbe non essere aggiornato",
  },
  ja: {
    "live-other": "現在の訪問者 {n} 人",
    "total-other": "これまでの訪問 {n} 回",
    "stale-label": "接続が切れています。数字が古い可能性があります",
  },
  nl: {
    "live-one": "{n} bezoeker nu hier",
    "live-other": "{n} bezoekers nu hier",
    "total-one": "{n} bezoek tot nu toe",
    "total-other": "{n} bezoeken tot nu toe",
    "stale-label": "verbinding verbroken, het aantal is mogelijk verouderd",
  },
  pl: {
    "live-one": "{n} gość na stronie",
    "live-few": "{n} goście na stronie",
    "live-many": "{n} gości na stronie",
    "live-other": "{n} gościa na stronie",
    "total-one": "{n} wizyta do tej pory",
    "total-few": "{n} wizyty do tej pory",
    "total-many": "{n} wizyt do tej pory",
    "total-other": "{n} wizyty do tej pory",
    "stale-label": "brak połączenia, liczba może być nieaktualna",
  },
  pt: {
    "live-one": "{n} visitante agora",
    "live-other": "{n} visitantes agora",
    "total-one": "{n} visita até agora",
    "total-other": "{n} visitas até agora",
    "stale-label": "sem ligação, o número pode estar desatualizado",
  },
  tr: {
    "live-one": "Şu anda {n} ziyaretçi",
    "live-other": "Şu anda {n} ziyaretçi",
    "total-one": "Şimdiye kadar {n} ziyaret",
    "total-other": "Şimdiye kadar {n} ziyaret",
    "stale-label": "bağlantı kesildi, sayı güncel olmayabilir",
  },
  zh: {
    "live-other": "当前 {n} 位访客",
    "total-other": "累计访问 {n} 次",
    "stale-label": "连接已断开，数字可能不是最新的",
  },
};

const { customElements, document } = globalThis;
customElements?.whenDefined("visitor-counter").then((element) => {
  // A subclass that a page defines under this name inherits the setting.
  /** @type {any} */ (element).labels = LABELS;
  // Elements that already show a number write it again.
  for (const counter of document.querySelectorAll("visitor-counter")) {
    /** @type {any} */ (counter).attributeChangedCallback("lang", null, "");
  }
});

export { LABELS };
