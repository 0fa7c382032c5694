// The CSP build ships no types of its own; its interface is that of Alpine.
declare module '@alpinejs/csp' {
  import type { Alpine } from 'alpinejs';
  const instance: Alpine;
  export default instance;
}
