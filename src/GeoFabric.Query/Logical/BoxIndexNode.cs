using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>Between which values one field of a multi-dimensional index lies.</summary>
/// <param name="IsPoint">Both limits are the same value.</param>
public sealed record BoxSide(IndexLimit? Lower, IndexLimit? Upper, bool IsPoint = false)
{
    public static BoxSide Open { get; } = new(null, null);

    public bool IsBounded => Lower is not null || Upper is not null;
}

/// <summary>
/// The documents that a multi-dimensional index has in a box. Some from around it come too: the conditions stay behind it. When a side cannot be computed
/// without a warning, all documents come.
/// </summary>
/// <param name="EqualTo">Values of the prefix fields.</param>
/// <param name="Sides">For each other field of the index.</param>
public sealed record BoxIndexNode(
    Variable Variable, CollectionDefinition Collection, IndexDefinition Index, ImmutableArray<Expression> EqualTo, ImmutableArray<BoxSide> Sides) : LogicalNode
{
    /// <summary>Values of conditions that may warn: when one does all documents come, so that it warns of each.</summary>
    public ImmutableArray<Expression> Guards { get; init; } = [];

    public override string TypeName => "IndexNode";

    public override CollectionDefinition? ReadCollection => Collection;

    public override IEnumerable<Variable> Produced => [Variable];

    public override IEnumerable<Expression> Expressions
    {
        get
        {
            foreach (var value in EqualTo)
                yield return value;
            foreach (var side in Sides)
            {
                if (side.Lower is not null)
                    yield return side.Lower.Value;
                if (side.Upper is not null && !side.IsPoint)
                    yield return side.Upper.Value;
            }
            foreach (var guard in Guards)
                yield return guard;
        }
    }

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { EqualTo = [.. EqualTo.Select(map)], Sides = [.. Sides.Select(side => Map(side, map))], Guards = [.. Guards.Select(map)] };

    public override bool IsRowWise => true;

    private static BoxSide Map(BoxSide side, Func<Expression, Expression> map)
    {
        var lower = side.Lower is null ? null : side.Lower with { Value = map(side.Lower.Value) };
        return side with { Lower = lower, Upper = side.IsPoint ? lower : side.Upper is null ? null : side.Upper with { Value = map(side.Upper.Value) } };
    }
}
