import { later } from '../../ui/Later';

// The dialogs for views, whose code is fetched when one of them is first opened.
const dialogs = () => import('./viewDialogs');

export const AddView = later('add view', async () => (await dialogs()).AddView);
export const EditView = later('edit view', async () => (await dialogs()).EditView);
export const RenameView = later('rename view', async () => (await dialogs()).RenameView);
