<?php  // makes the site's tables; the second argument, where there is one, keeps plain addresses
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = $argv[1];
require __DIR__.'/site/wp-load.php';
require ABSPATH.'wp-admin/includes/upgrade.php';
wp_install('Real', 'keeper', 'keeper@real.test', true, '', wp_generate_password());
update_option('permalink_structure', empty($argv[2]) ? '/%postname%/' : '');
