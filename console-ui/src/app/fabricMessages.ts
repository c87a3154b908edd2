import { defineMessages } from '../core/messages';

/** The texts of the dialogs for fabrics, which are loaded with them. */
export const words = defineMessages(
  {
    addTitle: 'Add a fabric',
    name: 'Name',
    nameHint: 'A letter, then letters, digits, _ or -',
    added: 'Fabric {name} is there',
    drop: 'Drop fabric',
    dropTitle: 'Drop the fabric {name}?',
    dropText: 'Every collection, graph, view and saved query of {name} goes with it, in every region.',
    dropped: 'Fabric {name} is dropped',
  },
  {
    de: {
      addTitle: 'Ein Fabric anlegen',
      name: 'Name',
      nameHint: 'Ein Buchstabe, dann Buchstaben, Ziffern, _ oder -',
      added: 'Fabric {name} ist angelegt',
      drop: 'Fabric löschen',
      dropTitle: 'Das Fabric {name} löschen?',
      dropText: 'Alle Sammlungen, Graphen, Sichten und gespeicherten Abfragen von {name} gehen mit, in jeder Region.',
      dropped: 'Fabric {name} ist gelöscht',
    },
    es: {
      addTitle: 'Añadir un fabric',
      name: 'Nombre',
      nameHint: 'Una letra, después letras, cifras, _ o -',
      added: 'El fabric {name} está listo',
      drop: 'Eliminar fabric',
      dropTitle: '¿Eliminar el fabric {name}?',
      dropText: 'Todas las colecciones, grafos, vistas y consultas guardadas de {name} se van con él, en todas las regiones.',
      dropped: 'El fabric {name} está eliminado',
    },
  },
);
