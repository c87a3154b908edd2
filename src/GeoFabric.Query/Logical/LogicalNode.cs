using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>
/// One step of a logical plan: it takes the rows of the step before it and hands rows on. Immutable; rules replace nodes.
/// </summary>
public abstract record LogicalNode
{
    /// <summary>The node's name in plans, as clients know it.</summary>
    public abstract string TypeName { get; }

    /// <summary>Variables the node sets in each row it hands on.</summary>
    public virtual IEnumerable<Variable> Produced => [];

    /// <summary>The expressions the node evaluates.</summary>
    public virtual IEnumerable<Expression> Expressions => [];

    /// <summary>The node with every expression replaced.</summary>
    public virtual LogicalNode MapExpressions(Func<Expression, Expression> map) => this;

    /// <summary>Variables read by the node's expressions.</summary>
    public HashSet<Variable> Used()
    {
        var used = new HashSet<Variable>();
        foreach (var expression in Expressions)
            used.UnionWith(expression.Variables());
        return used;
    }

    /// <summary>Whether one of the node's expressions reads the variable.</summary>
    public bool Uses(Variable variable) => Expressions.Any(expression => expression.Uses(variable));

    /// <summary>Whether rows pass one by one and independently, so that a filter may move across the node.</summary>
    public virtual bool IsRowWise => false;

    /// <summary>The collection whose documents the node walks; null for none.</summary>
    public virtual CollectionDefinition? ReadCollection => null;

    /// <summary>Whether the node changes documents.</summary>
    public virtual bool IsModification => false;
}

/// <summary>Start of every plan: one empty row; in a subquery, the row of the query around it.</summary>
public sealed record SingletonNode : LogicalNode
{
    public override string TypeName => "SingletonNode";
}

/// <summary>What the FOR options ask of index selection.</summary>
/// <param name="Names">Preferred index names, best first.</param>
/// <param name="IsForced">Error 1577 when none can be used.</param>
/// <param name="IsDisabled">Scan the collection whatever indexes there are.</param>
public sealed record IndexHint(ImmutableArray<string> Names, bool IsForced, bool IsDisabled)
{
    public static IndexHint None { get; } = new([], false, false);
}

/// <summary>Every document of a collection.</summary>
public sealed record EnumerateCollectionNode(Variable Variable, CollectionDefinition Collection, IndexHint Hint) : LogicalNode
{
    public override string TypeName => "EnumerateCollectionNode";

    public override CollectionDefinition? ReadCollection => Collection;

    public override IEnumerable<Variable> Produced => [Variable];

    public override bool IsRowWise => true;

    /// <summary>Set when only the number of documents matters: rows carry no document, and nothing is read for them.</summary>
    public bool IsCountOnly { get; init; }
}

/// <summary>The items of an array.</summary>
public sealed record EnumerateListNode(Variable Variable, Expression Source) : LogicalNode
{
    public override string TypeName => "EnumerateListNode";

    public override IEnumerable<Variable> Produced => [Variable];

    public override IEnumerable<Expression> Expressions => [Source];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { Source = map(Source) };

    public override bool IsRowWise => true;
}

public sealed record FilterNode(Expression Condition) : LogicalNode
{
    public override string TypeName => "FilterNode";

    public override IEnumerable<Expression> Expressions => [Condition];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { Condition = map(Condition) };

    public override bool IsRowWise => true;
}

public sealed record CalculationNode(Variable Variable, Expression Expression) : LogicalNode
{
    public override string TypeName => Expression switch
    {
        SubqueryExpression => "SubqueryNode",
        DocumentByKeyExpression or DocumentByIdExpression => "MaterializeNode",
        _ => "CalculationNode",
    };

    public override IEnumerable<Variable> Produced => [Variable];

    public override IEnumerable<Expression> Expressions => [Expression];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { Expression = map(Expression) };

    public override bool IsRowWise => true;
}

public sealed record SortItem(Expression Expression, bool IsDescending);

/// <param name="Limit">Set when only the first rows are needed (offset + count): the sort keeps no more than that many.</param>
public sealed record SortNode(ImmutableArray<SortItem> Items, LimitNode? Limit = null) : LogicalNode
{
    /// <summary>The <see cref="GeoIndexNode.Reached"/> or <see cref="VectorIndexNode.Reached"/> of a source that begins with what is near: no first key behind a row sorts before it.</summary>
    public Variable? Reached { get; init; }

    public override string TypeName => "SortNode";

    public override IEnumerable<Expression> Expressions => Items.Select(item => item.Expression);

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        this with { Items = [.. Items.Select(item => item with { Expression = map(item.Expression) })] };
}

/// <param name="Offset">Rows to skip; null for none.</param>
/// <param name="Count">Rows to pass; C8QL null means all.</param>
/// <param name="CountsAll">The last LIMIT of the query when fullCount is asked: it goes on counting past its end.</param>
public sealed record LimitNode(Expression? Offset, Expression Count, bool CountsAll = false) : LogicalNode
{
    public override string TypeName => "LimitNode";

    public override IEnumerable<Expression> Expressions => Offset is null ? [Count] : [Offset, Count];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        this with { Offset = Offset is null ? null : map(Offset), Count = map(Count) };
}

public sealed record ReturnNode(Expression Expression, bool IsDistinct) : LogicalNode
{
    public override string TypeName => "ReturnNode";

    public override IEnumerable<Expression> Expressions => [Expression];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { Expression = map(Expression) };
}
