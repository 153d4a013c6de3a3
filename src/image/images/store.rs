//! The SQL of images.

use kit::clock::Time;
use kit::error::Result;
use kit::ids::ImageId;
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params_from_iter};

use super::model::{
    Comparison, Condition, Image, ImageQuery, MemberStatus, Shown, Source, Viewer, Visibility,
};

const COLUMNS: &str = "id, name, status, visibility, owner, container_format, disk_format, \
                       min_ram_mb, min_disk_gb, protected, hidden, size_bytes, virtual_size, \
                       checksum, hash, properties, tags, source, engine_id, created_at, updated_at";

/// The image, if `viewer` may know of it, as the operation's rule will open it.
///
/// Glance: `db.utils.is_image_visible`; a member sees the image whatever it answered.
pub(crate) fn get(
    connection: &Connection,
    viewer: &Viewer,
    id: &ImageId,
) -> Result<Option<Guarded<Image>>> {
    let Some(image) = get_for_system(connection, id)? else { return Ok(None) };
    if !is_visible(connection, viewer, &image)? {
        return Ok(None);
    }
    let target = image.target(viewer.project.as_ref());
    Ok(Some(Guarded::new(image, target)))
}

/// The image, for steps, reconcilers and the house's own streams.
pub(crate) fn get_for_system(connection: &Connection, id: &ImageId) -> Result<Option<Image>> {
    let sql = format!("SELECT {COLUMNS} FROM image WHERE id = ?1 AND deleted_at IS NULL");
    Ok(connection.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

fn is_visible(connection: &Connection, viewer: &Viewer, image: &Image) -> Result<bool> {
    let open = matches!(image.visibility, Visibility::Public | Visibility::Community);
    if viewer.admin || open || image.owner.is_none() {
        return Ok(true);
    }
    let Some(project) = &viewer.project else { return Ok(false) };
    if image.owner.as_ref() == Some(project) {
        return Ok(true);
    }
    let offered = image.visibility == Visibility::Shared;
    let sql = "SELECT 1 FROM image_member WHERE image = ?1 AND member = ?2";
    Ok(offered && connection.prepare_cached(sql)?.exists((&image.id, project))?)
}

/// Whether an image has or had this id.
pub(crate) fn is_taken(connection: &Connection, id: &ImageId) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM image WHERE id = ?1")?.exists([id])?)
}

/// Every image with its data in one kind of place.
pub(crate) fn list_of_source(connection: &Connection, source: Source) -> Result<Vec<Image>> {
    let sql =
        format!("SELECT {COLUMNS} FROM image WHERE source = ?1 AND deleted_at IS NULL ORDER BY id");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([source], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The living ones of `ids`.
pub(crate) fn living(connection: &Connection, ids: &[ImageId]) -> Result<Vec<Image>> {
    ids.iter().filter_map(|id| get_for_system(connection, id).transpose()).collect()
}

/// Adds an image.
pub(crate) fn insert(connection: &Connection, image: &Image) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO image (id, name, status, visibility, owner, container_format, disk_format,
                 min_ram_mb, min_disk_gb, protected, hidden, size_bytes, virtual_size, checksum,
                 hash, properties, tags, source, engine_id, created_at, updated_at)
             VALUES (:id, :name, :status, :visibility, :owner, :container_format, :disk_format,
                 :min_ram_mb, :min_disk_gb, :protected, :hidden, :size_bytes, :virtual_size,
                 :checksum, :hash, :properties, :tags, :source, :engine_id, :created_at,
                 :updated_at)",
        )?
        .execute(named_params! {
            ":id": image.id, ":name": image.name, ":status": image.status,
            ":visibility": image.visibility, ":owner": image.owner,
            ":container_format": image.container_format, ":disk_format": image.disk_format,
            ":min_ram_mb": image.min_ram_mb, ":min_disk_gb": image.min_disk_gb,
            ":protected": image.protected, ":hidden": image.hidden,
            ":size_bytes": image.size_bytes, ":virtual_size": image.virtual_size,
            ":checksum": image.checksum, ":hash": image.hash,
            ":properties": Json(&image.properties), ":tags": Json(&image.tags),
            ":source": image.source, ":engine_id": image.engine_id,
            ":created_at": image.created_at, ":updated_at": image.updated_at,
        })?;
    Ok(())
}

/// Writes everything that may change back. False when the image is gone.
pub(crate) fn update(connection: &Connection, image: &Image) -> Result<bool> {
    let changed = connection
        .prepare_cached(
            "UPDATE image SET name = :name, status = :status, visibility = :visibility,
                 owner = :owner, container_format = :container_format, disk_format = :disk_format,
                 min_ram_mb = :min_ram_mb, min_disk_gb = :min_disk_gb, protected = :protected,
                 hidden = :hidden, size_bytes = :size_bytes, virtual_size = :virtual_size,
                 checksum = :checksum, hash = :hash, properties = :properties, tags = :tags,
                 engine_id = :engine_id, updated_at = :updated_at
             WHERE id = :id AND deleted_at IS NULL",
        )?
        .execute(named_params! {
            ":id": image.id, ":name": image.name, ":status": image.status,
            ":visibility": image.visibility, ":owner": image.owner,
            ":container_format": image.container_format, ":disk_format": image.disk_format,
            ":min_ram_mb": image.min_ram_mb, ":min_disk_gb": image.min_disk_gb,
            ":protected": image.protected, ":hidden": image.hidden,
            ":size_bytes": image.size_bytes, ":virtual_size": image.virtual_size,
            ":checksum": image.checksum, ":hash": image.hash,
            ":properties": Json(&image.properties), ":tags": Json(&image.tags),
            ":engine_id": image.engine_id, ":updated_at": image.updated_at,
        })?;
    Ok(changed > 0)
}

/// Takes an image away; its id stays taken.
pub(crate) fn delete(connection: &Connection, id: &ImageId, now: Time) -> Result<bool> {
    for sql in
        ["DELETE FROM image_member WHERE image = ?1", "DELETE FROM image_staged WHERE image = ?1"]
    {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    let sql = "UPDATE image SET status = 'deleted', deleted_at = ?2, updated_at = ?2
               WHERE id = ?1 AND deleted_at IS NULL";
    Ok(connection.prepare_cached(sql)?.execute((id, now))? > 0)
}

/// Takes a row away for good: images of the engine come back under the same id.
pub(crate) fn forget(connection: &Connection, id: &ImageId) -> Result<()> {
    connection.prepare_cached("DELETE FROM image_member WHERE image = ?1")?.execute([id])?;
    connection.prepare_cached("DELETE FROM image WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Uploads that were under way when the process ended: back to `queued`. Staged data that is
/// complete stays.
pub(crate) fn requeue_broken_uploads(connection: &Connection, now: Time) -> Result<usize> {
    let sql = "UPDATE image SET status = 'queued', size_bytes = NULL, updated_at = ?1
               WHERE source = 'upload' AND deleted_at IS NULL
                 AND (status = 'saving' OR status = 'uploading'
                      AND NOT EXISTS (SELECT 1 FROM image_staged WHERE image = id))";
    Ok(connection.prepare_cached(sql)?.execute([now])?)
}

/// Size, md5 and sha512 of staged data.
pub(crate) fn staged(
    connection: &Connection,
    id: &ImageId,
) -> Result<Option<(i64, String, String)>> {
    let sql = "SELECT size_bytes, checksum, hash FROM image_staged WHERE image = ?1";
    let columns = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    Ok(connection.prepare_cached(sql)?.query_row([id], columns).optional()?)
}

/// Notes size, md5 and sha512 of staged data.
pub(crate) fn insert_staged(
    connection: &Connection,
    id: &ImageId,
    size_bytes: i64,
    checksum: &str,
    hash: &str,
) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO image_staged (image, size_bytes, checksum, hash)
               VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute((id, size_bytes, checksum, hash))?;
    Ok(())
}

/// Forgets staged data.
pub(crate) fn delete_staged(connection: &Connection, id: &ImageId) -> Result<()> {
    connection.prepare_cached("DELETE FROM image_staged WHERE image = ?1")?.execute([id])?;
    Ok(())
}

/// One page of what `viewer` sees.
///
/// Glance: `db.sqlalchemy.api._image_get_all`.
pub(crate) fn list(
    connection: &Connection,
    viewer: &Viewer,
    query: &ImageQuery,
) -> Result<Vec<Image>> {
    let mut sql = Sql::default();
    sql.push("deleted_at IS NULL");
    sql.visible(viewer, query);
    for condition in &query.conditions {
        sql.condition(condition);
    }
    if let Some(marker) = &query.marker {
        sql.after(marker, &query.order);
    }
    let order: Vec<String> = query
        .order
        .iter()
        .map(|(column, descends)| {
            format!("{} {}", sortable(column, ""), if *descends { "DESC" } else { "ASC" })
        })
        .collect();
    let text = format!(
        "SELECT {COLUMNS} FROM image WHERE {} ORDER BY {} LIMIT {}",
        sql.clauses.join(" AND "),
        order.join(", "),
        query.limit
    );
    let mut statement = connection.prepare_cached(&text)?;
    let rows = statement.query_map(params_from_iter(sql.values), read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A WHERE clause that grows, with its values.
#[derive(Default)]
struct Sql {
    clauses: Vec<String>,
    values: Vec<Value>,
}

impl Sql {
    fn push(&mut self, clause: impl Into<String>) {
        self.clauses.push(clause.into());
    }

    /// Binds a value; its placeholder.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn visible(&mut self, viewer: &Viewer, query: &ImageQuery) {
        let project = viewer.project.as_ref().map(|id| self.bind(id.as_str().to_owned()));
        let own = project.as_ref().map_or_else(|| "0".to_owned(), |id| format!("owner IS {id}"));
        if !viewer.admin {
            let member = project
                .as_ref()
                .map_or_else(|| "0".to_owned(), |id| self.offered(id, query.member_status));
            self.push(format!(
                "(visibility IN ('public', 'community') OR {own}
                  OR (visibility = 'shared' AND {member}))"
            ));
        }
        match query.visibility {
            Shown::All => {}
            Shown::Usual => self.push(format!("({own} OR visibility <> 'community')")),
            Shown::Only(visibility) => {
                let wanted = self.bind(visibility.as_str().to_owned());
                self.push(format!("visibility = {wanted}"));
            }
        }
    }

    fn offered(&mut self, project: &str, status: Option<MemberStatus>) -> String {
        let answered = match status {
            Some(status) => {
                let wanted = self.bind(status.as_str().to_owned());
                format!("AND m.status = {wanted}")
            }
            None => String::new(),
        };
        format!(
            "EXISTS (SELECT 1 FROM image_member m
                     WHERE m.image = image.id AND m.member = {project} {answered})"
        )
    }

    fn condition(&mut self, condition: &Condition) {
        let clause = match condition {
            Condition::OneOf(column, values) => {
                let bound: Vec<_> = values.iter().map(|value| self.bind(value.clone())).collect();
                format!("{column} IN ({})", bound.join(", "))
            }
            Condition::Compare(column, comparison, number) => {
                format!("{column} {} {}", operator(*comparison), self.bind(*number))
            }
            Condition::Property(name, value) => {
                let (name, value) = (self.bind(name.clone()), self.bind(value.clone()));
                format!(
                    "EXISTS (SELECT 1 FROM json_each(properties) p
                             WHERE p.key = {name} AND p.value = {value})"
                )
            }
            Condition::Tag(tag) => {
                let tag = self.bind(tag.clone());
                format!("EXISTS (SELECT 1 FROM json_each(tags) t WHERE t.value = {tag})")
            }
            Condition::Never => "0".to_owned(),
        };
        self.push(clause);
    }

    /// Rows after the marker: an earlier key equal, a later one beyond.
    fn after(&mut self, marker: &ImageId, order: &[(&'static str, bool)]) {
        let id = self.bind(marker.as_str().to_owned());
        let of_marker = |column: &str| {
            format!("(SELECT {} FROM image m WHERE m.id = {id})", sortable(column, "m."))
        };
        let mut alternatives = Vec::new();
        let mut equal = String::new();
        for (column, descends) in order {
            let (own, beyond) = (sortable(column, ""), if *descends { "<" } else { ">" });
            alternatives.push(format!("({equal}{own} {beyond} {})", of_marker(column)));
            equal = format!("{equal}{own} = {} AND ", of_marker(column));
        }
        self.push(format!("({})", alternatives.join(" OR ")));
    }
}

/// A column as pages are sorted by it: a value that is not there counts as empty, so that a
/// marker without it does not end the list.
fn sortable(column: &str, table: &str) -> String {
    match column {
        "name" | "container_format" | "disk_format" => format!("ifnull({table}{column}, '')"),
        "size_bytes" => format!("ifnull({table}{column}, 0)"),
        _ => format!("{table}{column}"),
    }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Image> {
    Ok(Image {
        id: row.get("id")?,
        name: row.get("name")?,
        status: row.get("status")?,
        visibility: row.get("visibility")?,
        owner: row.get("owner")?,
        container_format: row.get("container_format")?,
        disk_format: row.get("disk_format")?,
        min_ram_mb: row.get("min_ram_mb")?,
        min_disk_gb: row.get("min_disk_gb")?,
        protected: row.get("protected")?,
        hidden: row.get("hidden")?,
        size_bytes: row.get("size_bytes")?,
        virtual_size: row.get("virtual_size")?,
        checksum: row.get("checksum")?,
        hash: row.get("hash")?,
        properties: json_column(row, "properties")?,
        tags: json_column(row, "tags")?,
        source: row.get("source")?,
        engine_id: row.get("engine_id")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
