using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>A vector index that is looked through.</summary>
public sealed record VectorSource(CollectionDefinition Collection, IndexDefinition Index);

/// <summary>
/// The documents in those lists of vector indexes that are near a vector, with how near they are. A sort with a limit is behind it, and filters in between
/// leave out what they will. They come in no order, or, where indexes keep vectors in short, nearest first as far as these tell.
/// </summary>
/// <param name="Score">Gets the document's similarity or distance.</param>
/// <param name="Sources">At least one; several of a view.</param>
/// <param name="View">Name of the view; null for a collection.</param>
/// <param name="Target">The vector.</param>
/// <param name="Options">An object such as <c>{nProbe: 10}</c>; null for none.</param>
public sealed record VectorIndexNode(
    Variable Variable, Variable Score, ImmutableArray<VectorSource> Sources, string? View, Expression Target, Expression? Options) : LogicalNode
{
    /// <summary>
    /// Gets how near the documents from here on are at best, when they come in that order: the sort behind stops reading where none of them can be among
    /// the first. Null where all documents of the lists come.
    /// </summary>
    public Variable? Reached { get; init; }

    /// <summary>The first one: all know the same attribute by the same metric.</summary>
    public IndexDefinition Index => Sources[0].Index;

    public override string TypeName => "EnumerateNearVectorNode";

    public override CollectionDefinition? ReadCollection => View is null ? Sources[0].Collection : null;

    public override IEnumerable<Variable> Produced => Reached is null ? [Variable, Score] : [Variable, Score, Reached];

    public override IEnumerable<Expression> Expressions => Options is null ? [Target] : [Target, Options];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { Target = map(Target), Options = Options is null ? null : map(Options) };

    public override bool IsRowWise => true;
}
