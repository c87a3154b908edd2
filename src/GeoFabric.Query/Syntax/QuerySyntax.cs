using System.Collections.Immutable;

namespace GeoFabric.Query.Syntax;

/// <summary>A query or subquery as written: its operations in order. A RETURN, if any, is the last one.</summary>
/// <param name="With">Collections named by WITH; only at the top.</param>
public sealed record QuerySyntax(ImmutableArray<ExpressionSyntax> With, ImmutableArray<OperationSyntax> Operations, SourceSpan Span);

public abstract record OperationSyntax(SourceSpan Span);

/// <summary>What FOR and LET bind: a name, or a pattern that takes arrays and objects apart.</summary>
public abstract record TargetSyntax(SourceSpan Span);

public sealed record NameTargetSyntax(string Name, SourceSpan Span) : TargetSyntax(Span);

/// <summary><c>[a, , b]</c>; a null item is skipped.</summary>
public sealed record ArrayTargetSyntax(ImmutableArray<TargetSyntax?> Items, SourceSpan Span) : TargetSyntax(Span);

/// <summary><c>{x, y: z}</c>.</summary>
public sealed record ObjectTargetSyntax(ImmutableArray<(string Attribute, TargetSyntax Target)> Members, SourceSpan Span) : TargetSyntax(Span);

/// <summary><c>FOR target IN source [SEARCH condition] [OPTIONS options]</c>.</summary>
public sealed record ForSyntax(TargetSyntax Target, ExpressionSyntax Source, ExpressionSyntax? Search, ExpressionSyntax? Options, SourceSpan Span) : OperationSyntax(Span);

public enum EdgeDirection
{
    Outbound,
    Inbound,
    Any,
}

/// <summary>An edge collection of a traversal, with its own direction where one is written.</summary>
public sealed record EdgeCollectionSyntax(EdgeDirection? Direction, ExpressionSyntax Collection);

/// <summary>Where a traversal or path search walks: a named graph (a string or parameter expression), or edge collections.</summary>
public sealed record GraphSyntax(ExpressionSyntax? Name, ImmutableArray<EdgeCollectionSyntax> EdgeCollections);

/// <summary><c>FOR v, e, p IN min..max direction start graph [PRUNE] [OPTIONS]</c>.</summary>
public sealed record TraversalSyntax(
    ImmutableArray<string> Variables,
    ExpressionSyntax? MinDepth,
    ExpressionSyntax? MaxDepth,
    EdgeDirection Direction,
    ExpressionSyntax Start,
    GraphSyntax Graph,
    string? PruneVariable,
    ExpressionSyntax? Prune,
    ExpressionSyntax? Options,
    SourceSpan Span) : OperationSyntax(Span);

public enum PathSearchKind
{
    ShortestPath,
    AllShortestPaths,
    KShortestPaths,
    KPaths,
}

public sealed record PathSearchSyntax(
    PathSearchKind Kind,
    ImmutableArray<string> Variables,
    ExpressionSyntax? MinDepth,
    ExpressionSyntax? MaxDepth,
    EdgeDirection Direction,
    ExpressionSyntax Start,
    ExpressionSyntax Target,
    GraphSyntax Graph,
    ExpressionSyntax? Options,
    SourceSpan Span) : OperationSyntax(Span);

public sealed record FilterSyntax(ExpressionSyntax Condition, SourceSpan Span) : OperationSyntax(Span);

public sealed record LetSyntax(TargetSyntax Target, ExpressionSyntax Value, SourceSpan Span) : OperationSyntax(Span);

/// <summary>One sort criterion; <paramref name="Direction"/> is a literal or parameter for directions that are not written as ASC or DESC.</summary>
public sealed record SortItemSyntax(ExpressionSyntax Expression, bool IsDescending, ExpressionSyntax? Direction);

public sealed record SortSyntax(ImmutableArray<SortItemSyntax> Items, SourceSpan Span) : OperationSyntax(Span);

public sealed record LimitSyntax(ExpressionSyntax? Offset, ExpressionSyntax Count, SourceSpan Span) : OperationSyntax(Span);

public sealed record GroupSyntax(string Variable, ExpressionSyntax Expression, SourceSpan Span);

/// <summary><c>name = FUNCTION(argument)</c>; the binder refuses expressions that are no allowed call (1574).</summary>
public sealed record AggregateSyntax(string Variable, ExpressionSyntax Expression, SourceSpan Span);

/// <param name="Into">Variable of INTO, or null.</param>
/// <param name="IntoExpression">Expression of <c>INTO g = expr</c>.</param>
/// <param name="Keep">Names after KEEP; default (IsDefault) when there is no KEEP.</param>
/// <param name="CountInto">Variable of WITH COUNT INTO.</param>
public sealed record CollectSyntax(
    ImmutableArray<GroupSyntax> Groups,
    ImmutableArray<AggregateSyntax> Aggregates,
    string? Into,
    ExpressionSyntax? IntoExpression,
    ImmutableArray<NameSyntax> Keep,
    string? CountInto,
    ExpressionSyntax? Options,
    SourceSpan Span) : OperationSyntax(Span);

/// <summary>Row mode when <paramref name="RangeValue"/> is null.</summary>
public sealed record WindowSyntax(ExpressionSyntax? RangeValue, ObjectSyntax Frame, ImmutableArray<AggregateSyntax> Aggregates, SourceSpan Span) : OperationSyntax(Span);

public sealed record ReturnSyntax(bool IsDistinct, ExpressionSyntax Expression, SourceSpan Span) : OperationSyntax(Span);

public sealed record InsertSyntax(ExpressionSyntax Document, ExpressionSyntax Collection, ExpressionSyntax? Options, SourceSpan Span) : OperationSyntax(Span);

/// <param name="Key">Key or document naming the target; null when <paramref name="Document"/> names it itself.</param>
/// <param name="IsReplace">REPLACE instead of UPDATE.</param>
public sealed record UpdateSyntax(bool IsReplace, ExpressionSyntax? Key, ExpressionSyntax Document, ExpressionSyntax Collection, ExpressionSyntax? Options, SourceSpan Span) : OperationSyntax(Span);

public sealed record RemoveSyntax(ExpressionSyntax Key, ExpressionSyntax Collection, ExpressionSyntax? Options, SourceSpan Span) : OperationSyntax(Span);

/// <param name="Search">The search literal; null in the FILTER form.</param>
/// <param name="Filter">The condition of the FILTER form, in which CURRENT is the candidate.</param>
public sealed record UpsertSyntax(
    ExpressionSyntax? Search,
    ExpressionSyntax? Filter,
    ExpressionSyntax Insert,
    bool IsReplace,
    ExpressionSyntax Update,
    ExpressionSyntax Collection,
    ExpressionSyntax? Options,
    SourceSpan Span) : OperationSyntax(Span);
