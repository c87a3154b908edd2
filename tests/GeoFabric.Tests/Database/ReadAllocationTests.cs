using System.Diagnostics;
using GeoFabric.Database;
using GeoFabric.Database.Documents;

namespace GeoFabric.Tests.Database;

/// <summary>Reads are the hot path: nothing per row, nothing per point read.</summary>
public sealed class ReadAllocationTests(ITestOutputHelper output)
{
    private const int Documents = 10_000;

    [Fact]
    public async Task Point_reads_and_rows_of_scans_allocate_nothing()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var c = await test.CreateAsync("c");
        var index = (await test.IndexAsync("c", "persistent", "n")).Definition;
        await test.WriteAsync(transaction =>
        {
            for (var i = 0; i < Documents; i++)
                transaction.Insert(c, TestFabric.Json($$"""{"_key":"k{{i}}","n":{{i}},"text":"{{new string('t', 300)}}"}"""), InsertOptions.Default);
            return 0;
        });
        var keys = Enumerable.Range(0, Documents).Select(i => TestFabric.Key($"k{i}")).ToArray();
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);

        Measure("point read", Documents, allowedBytes: 0, () =>
        {
            foreach (var key in keys)
            {
                if (!snapshot.TryGetDocument(c, key, out var document) || !document.TryGetAttribute("n"u8, out _))
                    throw new UnreachableException();
            }
        });
        Measure("collection scan", Documents, allowedBytes: 1500, () => Walk(snapshot.ScanCollection(c), withDocuments: true));
        Measure("index scan", Documents, allowedBytes: 5000, () => Walk(snapshot.ScanIndex(c, index, IndexRange.All), withDocuments: false));
        Measure("index scan with documents", Documents, allowedBytes: 5000, () => Walk(snapshot.ScanIndex(c, index, IndexRange.All), withDocuments: true));
        Measure("open and close a snapshot", 1, allowedBytes: 1000, () => test.Fabric.OpenSnapshot(test.Scope).Dispose());
    }

    private static void Walk(IDocumentCursor cursor, bool withDocuments)
    {
        using (cursor)
        {
            var count = 0;
            for (; cursor.MoveNext(); count++)
            {
                var isThere = withDocuments ? cursor.Document.TryGetAttribute("n"u8, out _) : cursor.TryGetField(0, out _);
                if (!isThere)
                    throw new UnreachableException();
            }
            Assert.Equal(Documents, count);
        }
    }

    private void Measure(string what, int operations, long allowedBytes, Action action)
    {
        var allocated = Allocation.LeastOf(action);
        output.WriteLine($"{what}: {(double)allocated / operations:F2} bytes each");
        Assert.True(allocated <= allowedBytes, $"{what}: {allocated} bytes");
    }
}
