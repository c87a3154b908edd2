using GeoFabric.Database.Requests;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>One execution as a client asks for it.</summary>
/// <param name="BindVars">Object of parameter values; null for none.</param>
public sealed record QueryRequest(string Text, Value BindVars = default)
{
    public const int DefaultBatchSize = 1000;

    /// <summary>Rows per page, at least 1.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>
    /// Make the rows of a page when it is fetched, instead of all at once: the first page comes sooner, and the rest takes no memory. Rows of all pages are
    /// not counted then, fullCount and profiles included, and an error may come with any page. A query that changes documents runs at once all the same.
    /// </summary>
    public bool IsStream { get; init; }

    /// <summary>Report the number of rows of all pages.</summary>
    public bool Count { get; init; }

    /// <summary>Report how many rows the last LIMIT of the query cut from.</summary>
    public bool FullCount { get; init; }

    /// <summary>0 nothing, 1 times of the stages, 2 also rows and time of each operator, and the plan.</summary>
    public int Profile { get; init; }

    /// <summary>Life of the cursor after each access.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Keep each page until the next one is fetched, so that a client that lost an answer can ask again.</summary>
    public bool AllowRetry { get; init; }

    public bool FailOnWarning { get; init; }

    public QueryLimits Limits { get; init; } = QueryLimits.Default;

    /// <summary>The id the client gave the request, for when it changes documents; null for none.</summary>
    public WriteRequest? Named { get; init; }

    /// <summary>What the client calls this run, to find it among the running ones; null for nothing.</summary>
    public string? ClientId { get; init; }

    public RuleSelection Rules { get; init; } = RuleSelection.Default;
}
