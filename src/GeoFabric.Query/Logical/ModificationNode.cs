using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical.Merging;

namespace GeoFabric.Query.Logical;

/// <summary>Options of modifications; compile-time constants.</summary>
/// <param name="VersionAttribute">A write whose number in this attribute is not greater than the stored one changes nothing; null for none.</param>
public sealed record ModificationOptions(
    bool IgnoreErrors = false,
    bool WaitForSync = false,
    bool KeepNull = true,
    bool MergeObjects = true,
    bool IgnoreRevisions = true,
    OverwriteMode Overwrite = OverwriteMode.Conflict,
    string? VersionAttribute = null)
{
    public static ModificationOptions Default { get; } = new();
}

/// <summary>Common part of the nodes that change documents. The input is read to its end before the first change when it reads the same collection.</summary>
/// <param name="Old">Variable of OLD, when the query uses it.</param>
/// <param name="New">Variable of NEW, when the query uses it.</param>
public abstract record ModificationNode(CollectionDefinition Collection, ModificationOptions Options, Variable? Old, Variable? New) : LogicalNode
{
    public override bool IsModification => true;

    /// <summary>How attributes merge with concurrent changes; null when there is nothing to say but that they are assigned.</summary>
    public MergePlan? Merges { get; init; }

    public override IEnumerable<Variable> Produced
    {
        get
        {
            if (Old is not null)
                yield return Old;
            if (New is not null)
                yield return New;
        }
    }
}

public sealed record InsertNode(Expression Document, CollectionDefinition Collection, ModificationOptions Options, Variable? Old, Variable? New)
    : ModificationNode(Collection, Options, Old, New)
{
    public override string TypeName => "InsertNode";

    public override IEnumerable<Expression> Expressions => [Document];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { Document = map(Document) };
}

/// <param name="Key">Key or document; null when the patch names its target itself.</param>
public sealed record UpdateNode(bool IsReplace, Expression? Key, Expression Document, CollectionDefinition Collection, ModificationOptions Options, Variable? Old, Variable? New)
    : ModificationNode(Collection, Options, Old, New)
{
    public override string TypeName => IsReplace ? "ReplaceNode" : "UpdateNode";

    public override IEnumerable<Expression> Expressions => Key is null ? [Document] : [Key, Document];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        this with { Key = Key is null ? null : map(Key), Document = map(Document) };
}

public sealed record RemoveNode(Expression Key, CollectionDefinition Collection, ModificationOptions Options, Variable? Old)
    : ModificationNode(Collection, Options, Old, null)
{
    public override string TypeName => "RemoveNode";

    public override IEnumerable<Expression> Expressions => [Key];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { Key = map(Key) };
}

/// <summary>Looks for one document, then updates or replaces it, or inserts a new one.</summary>
/// <param name="Lookup">
/// Plan that finds the candidate: it starts at the row, reads the collection or an index, filters and stops after one. Its document is <paramref name="Candidate"/>.
/// </param>
/// <param name="Candidate">The found document; also OLD inside the update expression.</param>
public sealed record UpsertNode(
    LogicalPlan Lookup,
    Variable Candidate,
    Expression Insert,
    bool IsReplace,
    Expression Update,
    CollectionDefinition Collection,
    ModificationOptions Options,
    Variable? Old,
    Variable? New)
    : ModificationNode(Collection, Options, Old, New)
{
    /// <summary>Whether a row sees what rows before it wrote.</summary>
    public bool ReadsOwnWrites { get; init; } = true;

    public override string TypeName => "UpsertNode";

    public override IEnumerable<Variable> Produced => base.Produced.Append(Candidate);

    public override IEnumerable<Expression> Expressions => [new SubqueryExpression(Lookup), Insert, Update];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with
    {
        Lookup = ((SubqueryExpression)map(new SubqueryExpression(Lookup))).Plan,
        Insert = map(Insert),
        Update = map(Update),
    };
}
