<?php
// By the environment: variables as the official image has them, or those of the demonstration of
// 2013 (DB_HOSTNAME, DB_PORT, DB_PASSWORD).
$first = function (array $names, string $otherwise): string {
    foreach ($names as $name) {
        if (getenv($name) !== false) {
            return getenv($name);
        }
    }
    return $otherwise;
};
define('DB_HOST', $first(['WORDPRESS_DB_HOST'], getenv('DB_HOSTNAME') . ':' . $first(['DB_PORT'], '3306')));
define('DB_USER', $first(['WORDPRESS_DB_USER'], 'root'));
define('DB_PASSWORD', $first(['WORDPRESS_DB_PASSWORD', 'DB_PASSWORD'], ''));
define('DB_NAME', $first(['WORDPRESS_DB_NAME'], 'wordpress'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
// There may be no way out, and nobody waits for what is not there.
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
