using GeoFabric.Database.Inverted;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Search;

/// <summary>What kind of thing a condition looks for.</summary>
internal enum SearchTargetKind
{
    Term,
    Phrase,
    Ngram,
}

/// <summary>What a part of a condition looks for in one attribute.</summary>
/// <param name="Analyzer">Name of the analyzer in whose terms it looks.</param>
/// <param name="Terms">Terms one behind another: how far from the first, and which.</param>
internal sealed record SearchTarget(SearchPath Path, string Analyzer, SearchTargetKind Kind, IReadOnlyList<(int Offset, TermSetCondition.TermTest Holds)> Terms);

/// <summary>A loop with a search, as calls behind it know it.</summary>
/// <param name="Document">The loop's variable.</param>
/// <param name="Condition">As it was written: no rule changes it here.</param>
/// <param name="ViewId">0 for a collection's index.</param>
/// <param name="IndexName">Of a collection: the index.</param>
internal sealed record SearchedLoop(Variable Document, Expression Condition, ulong ViewId, string? IndexName);
