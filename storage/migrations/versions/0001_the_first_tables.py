"""The first tables.

Revision: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clock_floor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_floor")),
    )
    op.create_table(
        "job_lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=60), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_lease")),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
    )
    op.create_table(
        "unknown_receipt",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.String(length=200), nullable=False),
        sa.Column("receipt_state", sa.String(length=20), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("opts_out", sa.Boolean(), nullable=False),
        sa.Column("ends_epoch", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unknown_receipt")),
    )
    with op.batch_alter_table("unknown_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unknown_receipt_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "address",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "mail", name="channel", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=320), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("first_heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_address_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("tenant", "channel", "value", name=op.f("uq_address_tenant_channel_value")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.String(length=60), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("seal", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_audit_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_about"), ["about"], unique=False)
        batch_op.create_index(
            "ix_audit_unsealed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("seal IS NULL"),
            postgresql_where=sa.text("seal IS NULL"),
        )

    op.create_table(
        "caseworker",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_caseworker_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseworker")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_contact_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_tenant"), ["tenant"], unique=False)

    op.create_table(
        "counter",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=4), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_counter_tenant_tenant")),
        sa.PrimaryKeyConstraint("tenant", "desk", "series", name=op.f("pk_counter")),
    )
    op.create_table(
        "desk_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_desk_version_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_version")),
        sa.UniqueConstraint("tenant", "desk", "version", name=op.f("uq_desk_version_tenant_desk_version")),
    )
    op.create_table(
        "front",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "mail", name="channel", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_front_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_front")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_front_channel_address")),
    )
    op.create_table(
        "register_row",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("register_name", sa.String(length=81), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_register_row_tenant_tenant")),
        sa.PrimaryKeyConstraint("tenant", "register_name", "key", name=op.f("pk_register_row")),
    )
    op.create_table(
        "sender",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "mail", name="channel", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("per_second", sa.Float(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bulk_free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_because", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_sender_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender")),
    )
    op.create_table(
        "address_holder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=36), nullable=False),
        sa.Column("contact", sa.String(length=36), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("challenge", sa.String(length=36), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trusted_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["address"], ["address.id"], name=op.f("fk_address_holder_address_address")),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_address_holder_contact_contact")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_address_holder_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_holder")),
        sa.UniqueConstraint("address", "contact", "epoch", name=op.f("uq_address_holder_address_contact_epoch")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("caseworker", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("desks", sa.String(length=400), nullable=False),
        sa.Column("full_numbers", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["caseworker"], ["caseworker.id"], name=op.f("fk_api_token_caseworker_caseworker")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_api_token_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_table(
        "challenge",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("destination", sa.String(length=320), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=True),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_mac", sa.String(length=64), nullable=True),
        sa.Column("previous_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["subject"], ["address.id"], name=op.f("fk_challenge_subject_address")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_challenge_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_destination"), ["destination"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_subject"), ["subject"], unique=False)

    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("front", sa.String(length=36), nullable=False),
        sa.Column("address", sa.String(length=36), nullable=False),
        sa.Column("their_address", sa.String(length=320), nullable=False),
        sa.Column("thread_root", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("draft", sa.String(length=36), nullable=True),
        sa.Column("challenge", sa.String(length=36), nullable=True),
        sa.Column("asked_delivery", sa.String(length=36), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["address"], ["address.id"], name=op.f("fk_conversation_address_address")),
        sa.ForeignKeyConstraint(["front"], ["front.id"], name=op.f("fk_conversation_front_front")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_conversation_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint(
            "front", "their_address", "thread_root", name=op.f("uq_conversation_front_their_address_thread_root")
        ),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_address"), ["address"], unique=False)

    op.create_table(
        "opt_out",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=36), nullable=False),
        sa.Column(
            "opted_by",
            sa.Enum("local", "carrier", name="opted_by", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["address"], ["address.id"], name=op.f("fk_opt_out_address_address")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_opt_out_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_out")),
    )
    with op.batch_alter_table("opt_out", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opt_out_address"), ["address"], unique=False)
        batch_op.create_index(
            "uq_opt_out_standing",
            ["address"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=4), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("outside_reference", sa.String(length=100), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=36), nullable=True),
        sa.Column("merged_into", sa.String(length=36), nullable=True),
        sa.Column("assignee", sa.String(length=36), nullable=True),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("desk_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column(
            "urgency",
            sa.Enum(
                "danger", "high", "normal", "low", name="urgency", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("conversation", sa.String(length=36), nullable=False),
        sa.Column("address", sa.String(length=36), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=36), nullable=True),
        sa.Column("attention", sa.String(length=60), nullable=True),
        sa.Column("attention_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["address"], ["address.id"], name=op.f("fk_cases_address_address")),
        sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], name=op.f("fk_cases_conversation_conversation")),
        sa.ForeignKeyConstraint(["merged_into"], ["cases.id"], name=op.f("fk_cases_merged_into_cases")),
        sa.ForeignKeyConstraint(["parent"], ["cases.id"], name=op.f("fk_cases_parent_cases")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_cases_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("tenant", "desk", "number", name=op.f("uq_cases_tenant_desk_number")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_address", ["address", "epoch"], unique=False)
        batch_op.create_index(
            "ix_cases_attention",
            ["tenant", "attention_at"],
            unique=False,
            sqlite_where=sa.text("attention IS NOT NULL"),
            postgresql_where=sa.text("attention IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_cases_conversation"), ["conversation"], unique=False)
        batch_op.create_index("ix_cases_list", ["tenant", "desk", "open", "opened_at"], unique=False)
        batch_op.create_index("ix_cases_newest", ["tenant", "id"], unique=False)

    op.create_table(
        "code_sent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("challenge", sa.String(length=36), nullable=False),
        sa.Column("destination", sa.String(length=320), nullable=False),
        sa.Column("block", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["challenge"], ["challenge.id"], name=op.f("fk_code_sent_challenge_challenge")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_code_sent_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_sent")),
    )
    with op.batch_alter_table("code_sent", schema=None) as batch_op:
        batch_op.create_index("ix_code_sent_block_at", ["block", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_code_sent_challenge"), ["challenge"], unique=False)
        batch_op.create_index("ix_code_sent_destination_at", ["destination", "at"], unique=False)
        batch_op.create_index("ix_code_sent_tenant_at", ["tenant", "at", "desk"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("desk_version", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=36), nullable=False),
        sa.Column("contact", sa.String(length=36), nullable=True),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "active",
                "parked",
                "sent",
                "dropped",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_draft_contact_contact")),
        sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], name=op.f("fk_draft_conversation_conversation")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_draft_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("tenant", "desk", "code", name=op.f("uq_draft_tenant_desk_code")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_conversation"), ["conversation"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=36), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column(
            "direction",
            sa.Enum("in", "out", name="direction", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum("sms", "mail", name="channel", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("account", sa.String(length=40), nullable=True),
        sa.Column("provider_id", sa.String(length=200), nullable=True),
        sa.Column("their_address", sa.String(length=320), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hidden_text", sa.Text(), nullable=True),
        sa.Column("parts", sa.Text(), nullable=True),
        sa.Column("raw", sa.String(length=64), nullable=True),
        sa.Column(
            "disposition",
            sa.Enum(
                "waiting",
                "turn",
                "automatic",
                "quarantined",
                "opt_out",
                "to_person",
                "late",
                "failed",
                name="disposition",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_message_conversation_conversation")
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_message_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("account", "provider_id", name=op.f("uq_message_account_provider_id")),
        sa.UniqueConstraint("conversation", "sequence", name=op.f("uq_message_conversation_sequence")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_code_refused",
            ["tenant", "at"],
            unique=False,
            sqlite_where=sa.text("reason = 'code_refused'"),
            postgresql_where=sa.text("reason = 'code_refused'"),
        )
        batch_op.create_index(
            "ix_message_to_person",
            ["tenant", "at"],
            unique=False,
            sqlite_where=sa.text("disposition IN ('to_person', 'failed', 'waiting') AND handled_at IS NULL"),
            postgresql_where=sa.text("disposition IN ('to_person', 'failed', 'waiting') AND handled_at IS NULL"),
        )

    op.create_table(
        "pending_input",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=True),
        sa.Column("about_revision", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_pending_input_conversation_conversation")
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_pending_input_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_input")),
    )
    with op.batch_alter_table("pending_input", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_input_conversation"), ["conversation"], unique=False)
        batch_op.create_index(
            "ix_pending_input_waiting",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.create_table(
        "wrong_try",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("challenge", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["challenge"], ["challenge.id"], name=op.f("fk_wrong_try_challenge_challenge")),
        sa.ForeignKeyConstraint(["subject"], ["address.id"], name=op.f("fk_wrong_try_subject_address")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_wrong_try_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_try")),
    )
    with op.batch_alter_table("wrong_try", schema=None) as batch_op:
        batch_op.create_index("ix_wrong_try_at", ["at"], unique=False)
        batch_op.create_index("ix_wrong_try_subject_at", ["subject", "at"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("front", sa.String(length=36), nullable=False),
        sa.Column("conversation", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("word", sa.String(length=8), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("escalate_after_s", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_alert_case_id_cases")),
        sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], name=op.f("fk_alert_conversation_conversation")),
        sa.ForeignKeyConstraint(["front"], ["front.id"], name=op.f("fk_alert_front_front")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_alert_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_alert_standing",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("acknowledged_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL"),
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=81), nullable=False),
        sa.Column("text_version", sa.String(length=40), nullable=True),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=60), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.String(length=20), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consent_case_id_cases")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_consent_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_case_id"), ["case_id"], unique=False)

    op.create_table(
        "sealed_value",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_sealed_value_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_value")),
    )
    op.create_table(
        "case_party",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "reporter",
                "on_site",
                "agent",
                "customer",
                "approver",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("contact", sa.String(length=36), nullable=True),
        sa.Column("organisation", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("numbers", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "contact IS NOT NULL OR organisation IS NOT NULL OR name IS NOT NULL", name=op.f("ck_case_party_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_party_case_id_cases")),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_case_party_contact_contact")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_case_party_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_party")),
    )
    with op.batch_alter_table("case_party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_party_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_value",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "said",
                "prefilled",
                "default",
                "person",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("message", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_value_case_id_cases")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_case_value_tenant_tenant")),
        sa.PrimaryKeyConstraint("case_id", "field", name=op.f("pk_case_value")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column(
            "author_kind",
            sa.Enum(
                "customer",
                "caseworker",
                "on_call",
                "system",
                name="author_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.String(length=60), nullable=False),
        sa.Column("author_name", sa.String(length=100), nullable=True),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("message", sa.String(length=36), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(message IS NULL) <> (text IS NULL)", name=op.f("ck_comment_one_text")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_comment_case_id_cases")),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name=op.f("fk_comment_message_message")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_comment_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_case", ["case_id", "id"], unique=False)
        batch_op.create_index(
            "uq_comment_once",
            ["once"],
            unique=True,
            sqlite_where=sa.text("once IS NOT NULL"),
            postgresql_where=sa.text("once IS NOT NULL"),
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=36), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("message", sa.String(length=36), nullable=False),
        sa.Column("conversation", sa.String(length=36), nullable=True),
        sa.Column("delivery_class", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "sending",
                "sent",
                "delivered",
                "failed",
                "unknown",
                "replaced",
                "expired",
                "withheld",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_moment", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaceable", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=200), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("about", sa.String(length=36), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_delivery_conversation_conversation")
        ),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name=op.f("fk_delivery_message_message")),
        sa.ForeignKeyConstraint(["sender"], ["sender.id"], name=op.f("fk_delivery_sender_sender")),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.id"], name=op.f("fk_delivery_tenant_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_about",
            ["about"],
            unique=False,
            sqlite_where=sa.text("about IS NOT NULL"),
            postgresql_where=sa.text("about IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_delivery_again",
            ["recipient", "sender"],
            unique=False,
            sqlite_where=sa.text("state = 'due' AND attempt > 0"),
            postgresql_where=sa.text("state = 'due' AND attempt > 0"),
        )
        batch_op.create_index(
            "ix_delivery_due",
            ["sender", "delivery_class", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'due'"),
            postgresql_where=sa.text("state = 'due'"),
        )
        batch_op.create_index(batch_op.f("ix_delivery_message"), ["message"], unique=False)
        batch_op.create_index(
            "ix_delivery_provider_id",
            ["provider_id"],
            unique=False,
            sqlite_where=sa.text("provider_id IS NOT NULL"),
            postgresql_where=sa.text("provider_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_delivery_sending",
            ["recipient", "sender"],
            unique=False,
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.create_index(
            "ix_delivery_unknown",
            ["recipient", "sender"],
            unique=False,
            sqlite_where=sa.text("state = 'unknown'"),
            postgresql_where=sa.text("state = 'unknown'"),
        )

    op.create_table(
        "alert_sent",
        sa.Column("alert", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_alert_sent_alert_alert")),
        sa.PrimaryKeyConstraint("alert", "number", name=op.f("pk_alert_sent")),
    )
    with op.batch_alter_table("alert_sent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_sent_number"), ["number"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("alert_sent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_sent_number"))

    op.drop_table("alert_sent")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_unknown",
            sqlite_where=sa.text("state = 'unknown'"),
            postgresql_where=sa.text("state = 'unknown'"),
        )
        batch_op.drop_index(
            "ix_delivery_sending",
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.drop_index(
            "ix_delivery_provider_id",
            sqlite_where=sa.text("provider_id IS NOT NULL"),
            postgresql_where=sa.text("provider_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_delivery_message"))
        batch_op.drop_index(
            "ix_delivery_due", sqlite_where=sa.text("state = 'due'"), postgresql_where=sa.text("state = 'due'")
        )
        batch_op.drop_index(
            "ix_delivery_again",
            sqlite_where=sa.text("state = 'due' AND attempt > 0"),
            postgresql_where=sa.text("state = 'due' AND attempt > 0"),
        )
        batch_op.drop_index(
            "ix_delivery_about",
            sqlite_where=sa.text("about IS NOT NULL"),
            postgresql_where=sa.text("about IS NOT NULL"),
        )

    op.drop_table("delivery")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_comment_once", sqlite_where=sa.text("once IS NOT NULL"), postgresql_where=sa.text("once IS NOT NULL")
        )
        batch_op.drop_index("ix_comment_case")

    op.drop_table("comment")
    op.drop_table("case_value")
    with op.batch_alter_table("case_party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_party_case_id"))

    op.drop_table("case_party")
    op.drop_table("sealed_value")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_case_id"))

    op.drop_table("consent")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_alert_standing",
            sqlite_where=sa.text("acknowledged_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_alert_case_id"))

    op.drop_table("alert")
    with op.batch_alter_table("wrong_try", schema=None) as batch_op:
        batch_op.drop_index("ix_wrong_try_subject_at")
        batch_op.drop_index("ix_wrong_try_at")

    op.drop_table("wrong_try")
    with op.batch_alter_table("pending_input", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_pending_input_waiting",
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_pending_input_conversation"))

    op.drop_table("pending_input")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_to_person",
            sqlite_where=sa.text("disposition IN ('to_person', 'failed', 'waiting') AND handled_at IS NULL"),
            postgresql_where=sa.text("disposition IN ('to_person', 'failed', 'waiting') AND handled_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_message_code_refused",
            sqlite_where=sa.text("reason = 'code_refused'"),
            postgresql_where=sa.text("reason = 'code_refused'"),
        )

    op.drop_table("message")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_conversation"))

    op.drop_table("draft")
    with op.batch_alter_table("code_sent", schema=None) as batch_op:
        batch_op.drop_index("ix_code_sent_tenant_at")
        batch_op.drop_index("ix_code_sent_destination_at")
        batch_op.drop_index(batch_op.f("ix_code_sent_challenge"))
        batch_op.drop_index("ix_code_sent_block_at")

    op.drop_table("code_sent")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_newest")
        batch_op.drop_index("ix_cases_list")
        batch_op.drop_index(batch_op.f("ix_cases_conversation"))
        batch_op.drop_index(
            "ix_cases_attention",
            sqlite_where=sa.text("attention IS NOT NULL"),
            postgresql_where=sa.text("attention IS NOT NULL"),
        )
        batch_op.drop_index("ix_cases_address")

    op.drop_table("cases")
    with op.batch_alter_table("opt_out", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_opt_out_standing",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_opt_out_address"))

    op.drop_table("opt_out")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_address"))

    op.drop_table("conversation")
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_subject"))
        batch_op.drop_index(batch_op.f("ix_challenge_destination"))

    op.drop_table("challenge")
    op.drop_table("api_token")
    op.drop_table("address_holder")
    op.drop_table("sender")
    op.drop_table("register_row")
    op.drop_table("front")
    op.drop_table("desk_version")
    op.drop_table("counter")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_tenant"))

    op.drop_table("contact")
    op.drop_table("caseworker")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_audit_unsealed", sqlite_where=sa.text("seal IS NULL"), postgresql_where=sa.text("seal IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_audit_about"))

    op.drop_table("audit")
    op.drop_table("address")
    with op.batch_alter_table("unknown_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unknown_receipt_provider_id"))

    op.drop_table("unknown_receipt")
    op.drop_table("tenant")
    op.drop_table("job_lease")
    op.drop_table("clock_floor")
