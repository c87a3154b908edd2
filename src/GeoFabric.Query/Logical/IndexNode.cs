using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Storage;

namespace GeoFabric.Query.Logical;

/// <summary>An equality on one index field: a single value, or any item of an array.</summary>
public sealed record IndexEquality(Expression Value, bool IsIn);

public sealed record IndexLimit(Expression Value, bool IsInclusive);

/// <summary>What a condition on a prefix makes of values that are no strings.</summary>
public enum OtherTypes
{
    None,

    /// <summary>LIKE casts them to strings. Null becomes the empty one, which only a pattern without a prefix can match.</summary>
    AllButNull,

    /// <summary>STARTS_WITH() warns about them.</summary>
    All,
}

/// <summary>
/// The documents that an index finds: leading fields equal values, the next one lies between limits. Bounds are computed for each incoming row.
/// </summary>
public sealed record IndexNode(
    Variable Variable,
    CollectionDefinition Collection,
    IndexDefinition Index,
    ImmutableArray<IndexEquality> Equalities,
    IndexLimit? Lower,
    IndexLimit? Upper,
    ScanDirection Direction = ScanDirection.Forward) : LogicalNode, ICoveringLoop
{
    /// <summary>The sort that was left out because the index hands documents over in this order; empty when there was none.</summary>
    public ImmutableArray<SortItem> Order { get; init; } = [];

    /// <summary>Which values that are no strings are read besides those between the bounds, when the bounds come from a prefix.</summary>
    public OtherTypes OtherTypes { get; init; }

    /// <summary>
    /// Whether computing bounds or guards may warn or fail. When one does all documents are read, and the filters behind say which of them are
    /// right: no condition is covered then.
    /// </summary>
    public bool BoundsMayWarn { get; init; }

    /// <summary>
    /// Values of conditions in front of one that the index serves, which it does not compute itself: a document that the index leaves out must not hide
    /// that they warn.
    /// </summary>
    public ImmutableArray<Expression> Guards { get; init; } = [];

    public bool IsOrdered => Order.Length > 0;

    /// <summary>All that is needed of the documents; empty when they are read.</summary>
    public ImmutableArray<IndexProjection> Projections { get; init; } = [];

    public ImmutableArray<IndexField> Held => Index.Fields;

    public bool ReadsDocuments => Projections.Length == 0;

    public bool HasIds => false;

    public bool MayTellNothing => false;

    public LogicalNode With(ImmutableArray<IndexProjection> projections) => this with { Projections = projections };

    public Expression DocumentOf(Expression identity) => new DocumentByKeyExpression(Collection, identity);

    public override string TypeName => "IndexNode";

    public override CollectionDefinition? ReadCollection => Collection;

    /// <summary>Filter conditions that hold for everything the index finds.</summary>
    public ImmutableArray<Expression> Covered { get; init; } = [];

    public override IEnumerable<Variable> Produced => [Variable, .. Projections.Select(projection => projection.Variable)];

    public override IEnumerable<Expression> Expressions
    {
        get
        {
            foreach (var equality in Equalities)
                yield return equality.Value;
            if (Lower is not null)
                yield return Lower.Value;
            if (Upper is not null)
                yield return Upper.Value;
            foreach (var guard in Guards)
                yield return guard;
        }
    }

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with
    {
        Equalities = [.. Equalities.Select(equality => equality with { Value = map(equality.Value) })],
        Lower = Lower is null ? null : Lower with { Value = map(Lower.Value) },
        Upper = Upper is null ? null : Upper with { Value = map(Upper.Value) },
        Guards = [.. Guards.Select(map)],
    };

    public override bool IsRowWise => true;
}
