using GeoFabric.Language.Tests.Properties.Reference;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>One set of data three times: in a fabric without indexes but unique ones, in a fabric with all of them, and as lists for the reference.</summary>
internal sealed class ComparedDatabases : IAsyncDisposable
{
    private ComparedDatabases(GeneratedData data, GeneratedDatabase plain, GeneratedDatabase indexed)
    {
        Data = data;
        Plain = plain;
        Indexed = indexed;
        Reference = new ReferenceData(data);
    }

    public GeneratedData Data { get; }

    public GeneratedDatabase Plain { get; }

    public GeneratedDatabase Indexed { get; }

    public ReferenceData Reference { get; set; }

    /// <param name="directory">Where the fabric with indexes lies; null for in memory.</param>
    public static async Task<ComparedDatabases> CreateAsync(GeneratedData data, EngineMistake? mistake = null, string? directory = null) => new(
        data,
        await GeneratedDatabase.CreateAsync(data.WithUniqueIndexesOnly(), withIndexes: true, mistake),
        await GeneratedDatabase.CreateAsync(data, withIndexes: true, mistake, directory));

    public async ValueTask DisposeAsync()
    {
        await Plain.DisposeAsync();
        await Indexed.DisposeAsync();
    }
}
