//! The form of texts that many signed objects hold, for the description of the portal's contract.

/// A SHA-256, a key or its thumbprint: 32 bytes in base64url.
///
/// Stands for such texts in schemas alone; in objects they are plain text.
#[derive(utoipa::ToSchema)]
#[schema(
    description = "A SHA-256, a key or its thumbprint: 32 bytes in base64url.",
    pattern = "^[A-Za-z0-9_-]{43}$"
)]
pub struct Hash(pub String);
