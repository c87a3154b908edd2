import { defineMessages } from '../messages';

/** The words of the map, which the fabric page and the dashboard share. */
export const mapWords = defineMessages(
  {
    map: 'Map of the regions',
    up: 'up',
    lagging: 'lagging',
    down: 'down',
    catchingUp: 'catching up',
    readOnly: 'read only',
    leaving: 'leaving',
    removed: 'removed',
    link_connected: 'connected',
    link_slow: 'late',
    link_cut: 'cut on purpose',
    link_broken: 'broken',
  },
  {
    de: {
      map: 'Karte der Regionen',
      up: 'läuft',
      lagging: 'hinkt nach',
      down: 'ausgefallen',
      catchingUp: 'holt auf',
      readOnly: 'nur lesend',
      leaving: 'verlässt die Fabric',
      removed: 'entfernt',
      link_connected: 'verbunden',
      link_slow: 'verspätet',
      link_cut: 'absichtlich getrennt',
      link_broken: 'unterbrochen',
    },
    es: {
      map: 'Mapa de las regiones',
      up: 'en marcha',
      lagging: 'con retraso',
      down: 'caída',
      catchingUp: 'poniéndose al día',
      readOnly: 'solo lectura',
      leaving: 'saliendo',
      removed: 'retirada',
      link_connected: 'conectado',
      link_slow: 'con retraso',
      link_cut: 'cortado a propósito',
      link_broken: 'interrumpido',
    },
  },
);
