import { session } from '../core/session';
import { Toasts } from '../ui/Toast';
import { LoginPage } from './Login';
import { Shell } from './Shell';

export function App() {
  return (
    <>
      {session.value ? <Shell /> : <LoginPage />}
      <Toasts />
    </>
  );
}
