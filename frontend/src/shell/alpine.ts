import Alpine from '@alpinejs/csp';

// The CSP build reads simple expressions without eval; anything longer belongs in a module.
Alpine.start();
