<?php  // who may write, by role, each with an application password; a category to write into
$_SERVER['HTTP_HOST'] = $argv[1];
require __DIR__.'/site/wp-load.php';
foreach (['writer' => 'author', 'guest' => 'contributor', 'keeper' => ''] as $name => $role) {
  $id = $role ? wp_insert_user(['user_login' => $name, 'user_email' => "$name@real.test", 'role' => $role, 'user_pass' => wp_generate_password()]) : 1;
  [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'real']);
  echo 'WORDPRESS_', strtoupper($name), '=', WP_Application_Passwords::chunk_password($password), "\n";
}
wp_insert_term('Кажи не', 'category', ['slug' => 'say-no']);
