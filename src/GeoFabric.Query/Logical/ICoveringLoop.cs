using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>A value that a loop takes from the index, so that the document is not read.</summary>
/// <param name="Variable">Gets it.</param>
/// <param name="Field">Position among <see cref="ICoveringLoop.Held"/>, or one of the constants.</param>
/// <param name="Path">The same from the document, for values that the index does not hold, or only in part.</param>
public sealed record IndexProjection(Variable Variable, int Field, Expression Path)
{
    public const int Key = -1;
    public const int Id = -2;
}

/// <summary>A loop over documents whose index tells values of them without reading them.</summary>
public interface ICoveringLoop
{
    Variable Variable { get; }

    /// <summary>Attributes that the index tells besides the key.</summary>
    ImmutableArray<IndexField> Held { get; }

    /// <summary>Whether documents are read: nothing was projected yet.</summary>
    bool ReadsDocuments { get; }

    /// <summary>Whether the documents may be of several collections: then they are known by their ids, which the index tells too.</summary>
    bool HasIds { get; }

    /// <summary>Whether there is a gain in not reading documents of which nothing is needed.</summary>
    bool MayTellNothing { get; }

    /// <summary>The same loop, which tells these values and reads no documents.</summary>
    LogicalNode With(ImmutableArray<IndexProjection> projections);

    /// <summary>A document by its key, or by its id where the loop has ids.</summary>
    Expression DocumentOf(Expression identity);
}
