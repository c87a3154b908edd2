import { later } from '../../ui/Later';

// The dialogs for graphs, whose code is fetched when one of them is first opened.
const dialogs = () => import('./graphDialogs');

export const AddGraph = later('add graph', async () => (await dialogs()).AddGraph);
export const EditGraph = later('edit graph', async () => (await dialogs()).EditGraph);
