using System.Text;
using GeoFabric.Language.Tests.Properties.Reference;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// Takes away from the query and the data of a failure what it does not need to fail: documents, indexes and attributes in halves, quarters and so on
/// (delta debugging: Zeller and Hildebrandt, 2002), then parts of the query, the shortest remainder first.
/// </summary>
/// <param name="triesMax">Queries that may be spent; what is left then is not the least, but less.</param>
internal sealed class FailureShrinker(EngineMistake? mistake = null, int triesMax = 3000)
{
    private readonly FuzzRun _run = new(mistake);

    public async Task<FuzzFailure> ShrinkAsync(FuzzFailure failure)
    {
        if (await TryAsync(failure, failure.Data, failure.Query) is not { } least)
            return failure with { IsReproduced = false };
        int length;
        do
        {
            length = Length(least);
            least = await ShrinkQueryAsync(least);
            least = await ShrinkDataAsync(least);
        }
        while (Length(least) < length && _run.Queries < triesMax);
        return least;
    }

    private static int Length(FuzzFailure failure) => failure.GoldenCase().Length - failure.Difference.Length;

    private async Task<FuzzFailure?> TryAsync(FuzzFailure failure, GeneratedData data, GeneratedQuery query)
    {
        if (_run.Queries >= triesMax)
            return null;
        await using var databases = await ComparedDatabases.CreateAsync(data, mistake);
        return await TryAsync(failure, databases, query);
    }

    private async Task<FuzzFailure?> TryAsync(FuzzFailure failure, ComparedDatabases databases, GeneratedQuery query)
    {
        if (_run.Queries >= triesMax)
            return null;
        return await _run.TryAsync(databases, query, failure.IsModification, failure.Oracle) is { } found && found.Oracle == failure.Oracle
            ? failure with { Data = databases.Data, Query = query, Difference = found.Difference }
            : null;
    }

    private async Task<FuzzFailure> ShrinkQueryAsync(FuzzFailure failure)
    {
        while (true)
        {
            // Reading queries can share one database; one that writes would leave the next another one.
            var shared = failure.IsModification ? null : await ComparedDatabases.CreateAsync(failure.Data, mistake);
            FuzzFailure? shorter = null;
            foreach (var candidate in QueryCandidates.Of(failure.Query).OrderBy(candidate => candidate.Text.Length + candidate.BindVars.Length))
            {
                shorter = shared is null ? await TryAsync(failure, failure.Data, candidate) : await TryAsync(failure, shared, candidate);
                if (shorter is not null)
                    break;
            }
            if (shared is not null)
                await shared.DisposeAsync();
            if (shorter is null)
                return failure;
            failure = shorter;
        }
    }

    private async Task<FuzzFailure> ShrinkDataAsync(FuzzFailure failure)
    {
        for (var i = 0; i < failure.Data.Collections.Count; i++)
        {
            var at = i;
            failure = await ReduceAsync(failure, failure.Data.Collections[i].Indexes, (collection, indexes) => collection with { Indexes = indexes }, at);
            failure = await ReduceAsync(failure, failure.Data.Collections[i].Documents, (collection, documents) => collection with { Documents = documents }, at);
            for (var j = 0; j < failure.Data.Collections[i].Documents.Count; j++)
            {
                var which = j;
                var members = ReferenceValues.Members(JsonValueReader.Parse(Encoding.UTF8.GetBytes(failure.Data.Collections[i].Documents[j]))).Where(member => member.Name is not "_id").ToList();
                failure = await ReduceAsync(
                    failure,
                    members,
                    (collection, kept) => collection with { Documents = [.. collection.Documents.Select((document, index) => index == which ? ReferenceValues.Object(kept).ToString() : document)] },
                    at,
                    member => member.Name is "_key" or "_from" or "_to");
            }
        }
        return failure;
    }

    private async Task<FuzzFailure> ReduceAsync<T>(
        FuzzFailure failure, IReadOnlyList<T> items, Func<GeneratedCollection, IReadOnlyList<T>, GeneratedCollection> with, int at, Func<T, bool>? isFixed = null)
    {
        for (var size = (items.Count + 1) / 2; size >= 1; size = size == 1 ? 0 : (size + 1) / 2)
        {
            for (var from = 0; from < items.Count;)
            {
                IReadOnlyList<T> fewer = [.. items.Where((item, index) => index < from || index >= from + size || isFixed?.Invoke(item) == true)];
                var data = failure.Data with { Collections = [.. failure.Data.Collections.Select((collection, index) => index == at ? with(collection, fewer) : collection)] };
                if (fewer.Count < items.Count && await TryAsync(failure, data, failure.Query) is { } reduced)
                {
                    failure = reduced;
                    items = fewer;
                }
                else
                {
                    from += size;
                }
            }
        }
        return failure;
    }
}
