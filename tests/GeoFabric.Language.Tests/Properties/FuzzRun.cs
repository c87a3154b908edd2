using System.Globalization;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// Runs generated queries against all oracles, in blocks that share their data. Every query has a seed: blocks begin at multiples of
/// <see cref="QueriesPerBlock"/>, and the number of a block says whether its queries write and whether it lies on disk.
/// </summary>
/// <param name="mistake">What is wrong with the engine on purpose; null for nothing.</param>
internal sealed class FuzzRun(EngineMistake? mistake = null)
{
    public const int QueriesPerBlock = 50;

    private long _queries;
    private long _withRows;
    private long _failing;
    private long _refused;
    private long _unknown;

    public long Queries => Interlocked.Read(ref _queries);

    /// <summary>Whether the queries of a block change documents.</summary>
    public static bool Modifies(int block) => block % 5 == 4;

    /// <summary>Whether most loops of a block's queries are over graphs.</summary>
    public static bool Walks(int block) => block % 5 == 1;

    /// <summary>Whether the queries of a block search a view.</summary>
    public static bool Searches(int block) => block % 5 == 2;

    /// <summary>Whether a block has a view, over which its queries search or which its changes keep up to date.</summary>
    public static bool HasView(int block) => Searches(block) || block % 10 == 4;

    /// <summary>How much the queries say: how many gave rows, failed, were refused before they ran, and used what the reference does not know.</summary>
    public string Figures => string.Create(
        CultureInfo.InvariantCulture, $"{Queries} queries, {_withRows} with rows, {_failing} failing, {_refused} refused, {_unknown} unknown to the reference");

    /// <summary>Runs the queries with seeds from <paramref name="seed"/> to the end of its block, or up to <paramref name="end"/>.</summary>
    /// <returns>The first failure, or null.</returns>
    public async Task<FuzzFailure?> RunBlockAsync(int seed, int end)
    {
        var block = seed / QueriesPerBlock;
        var first = block * QueriesPerBlock;
        end = Math.Min(end, first + QueriesPerBlock);
        // The data is that of the block; a query that writes needs those before it.
        var modifies = Modifies(block);
        var directory = block % 20 == 7 || block % 100 == 44 ? Directory.CreateTempSubdirectory("geofabric-fuzz-").FullName : null;
        try
        {
            await using var databases = await ComparedDatabases.CreateAsync(GeneratedData.Make(first), mistake, directory);
            for (var next = modifies ? first : seed; next < end; next++)
            {
                if (await RunAsync(databases, next, modifies) is { } failure)
                    return failure;
            }
            return modifies && databases.Indexed.Disagreements() is { Count: > 0 } wrong
                ? new FuzzFailure(databases.Data, ModificationGenerator.Make(end - 1), IsModification: true, "indexes and documents", string.Join("; ", wrong))
                : null;
        }
        finally
        {
            if (directory is not null)
                Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Runs a query as its kind demands.</summary>
    /// <param name="only">The oracle to ask; null for those that the seed chooses.</param>
    public async Task<(string Oracle, string Difference)?> TryAsync(ComparedDatabases databases, GeneratedQuery query, bool isModification, string? only = null)
    {
        Interlocked.Increment(ref _queries);
        if (isModification)
            return await ModificationTrial.RunAsync(databases, query);
        var trial = await QueryTrial.StartAsync(databases, query);
        if (trial.HasRows)
            Interlocked.Increment(ref _withRows);
        if (trial.Error != 0)
            Interlocked.Increment(ref trial.IsRefused ? ref _refused : ref _failing);
        var result = await trial.RunAsync(only);
        if (trial.IsUnknown)
            Interlocked.Increment(ref _unknown);
        return result;
    }

    private async Task<FuzzFailure?> RunAsync(ComparedDatabases databases, int seed, bool modifies)
    {
        var query = modifies ? ModificationGenerator.Make(seed) : QueryGenerator.Make(seed);
        var before = databases.Reference;
        if (await TryAsync(databases, query, modifies) is not { } found)
            return null;
        return new FuzzFailure(modifies ? databases.Data.With(before) : databases.Data, query, modifies, found.Oracle, found.Difference);
    }
}
