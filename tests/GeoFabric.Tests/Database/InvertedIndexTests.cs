using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Inverted;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Verification;
using GeoFabric.Storage;

namespace GeoFabric.Tests.Database;

/// <summary>The postings of an inverted index follow the documents whatever happens to them.</summary>
public sealed class InvertedIndexTests
{
    private static readonly string[] Words = [.. Enumerable.Range(0, 30).Select(i => "word" + i)];

    private static SearchField Link { get; } = SearchSettings.Nothing
        .With(["text"], [BuiltInAnalyzers.ByName["text_en"], AnalyzerDefinition.Identity], includesAllFields: false)
        .With(["inner", "n"], [AnalyzerDefinition.Identity], includesAllFields: true);

    private static ViewSettings Keeping { get; } = new(Links(Link))
    {
        Stored = new StoredValues([new(["text", "inner.n"], "none")], [("inner.n.deep", false)]),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Postings_follow_random_writes(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateViewAsync(test.Scope, "before", Keeping);
        var random = new Random(11);
        for (var round = 0; round < 12; round++)
        {
            await test.WriteAsync(transaction =>
            {
                for (var i = 0; i < 120; i++)
                    WriteOne(transaction, c, random);
                return true;
            });
        }
        await test.Fabric.CreateViewAsync(test.Scope, "after", Keeping);

        Assert.Empty(FabricVerifier.Verify(test.Fabric).Disagreements);
        foreach (var view in test.Fabric.Catalog.Views.Values)
            AssertPostings(test, view, "word3");
    }

    [Fact]
    public async Task Stored_values_are_those_of_the_documents_and_the_verifier_notices_others()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.InsertAsync(c, """{"_key":"a","text":"one","inner":{"n":{"deep":1}}}""");
        await test.Fabric.CreateViewAsync(test.Scope, "v", Keeping);
        var index = IndexOf(test, "v");
        using (var snapshot = test.Fabric.OpenSnapshot(test.Scope))
        {
            var reader = snapshot.OpenInverted(snapshot.Catalog.GetCollection("c"), index);
            Assert.Equal(["text", "inner.n", "inner.n.deep"], reader.StoredFields.Select(field => field.Text));
            Assert.Equal("""["one",{"deep":1},1]""", "[" + string.Join(',', ValuesOf(reader.GetStored(1))) + "]");
            Assert.Equal("a", reader.GetKey(1));
        }
        byte[] record = InvertedKeys.Stored(KeyLayout.IndexPrefix(c.ContentsId, index.Id), 1);
        await test.WriteAsync(transaction => transaction.Storage.Delete(record));

        var disagreements = FabricVerifier.Verify(test.Fabric).Disagreements;

        Assert.Contains(disagreements, sentence => sentence.Contains("values stored of document 'a'", StringComparison.Ordinal));
        Assert.Contains(disagreements, sentence => sentence.Contains("1 documents, and 0 records of stored values", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_view_that_keeps_other_values_is_made_again()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.InsertAsync(c, """{"_key":"a","text":"one two"}""");
        await test.Fabric.CreateViewAsync(test.Scope, "v", new ViewSettings(Links(Link)));
        var first = IndexOf(test, "v");
        await test.Fabric.UpdateViewAsync(test.Scope, "v", Keeping);
        var second = IndexOf(test, "v");
        await test.Fabric.UpdateViewAsync(test.Scope, "v", Keeping);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(second.Id, IndexOf(test, "v").Id);
        Assert.Empty(FabricVerifier.Verify(test.Fabric).Disagreements);
    }

    [Fact]
    public async Task A_view_that_changes_or_goes_takes_its_indexes_along()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.InsertAsync(c, """{"_key":"a","text":"one two"}""");
        await test.Fabric.CreateViewAsync(test.Scope, "v", new ViewSettings(Links(Link)));
        var first = IndexOf(test, "v");
        await test.Fabric.RenameViewAsync(test.Scope, "v", "w");
        var kept = IndexOf(test, "w");
        await test.Fabric.UpdateViewAsync(test.Scope, "w", new ViewSettings(Links(Link with { IncludesAllFields = true })));
        var changed = IndexOf(test, "w");
        await test.Fabric.DropViewAsync(test.Scope, "w");

        Assert.Equal(first.Id, kept.Id);
        Assert.NotEqual(first.Id, changed.Id);
        Assert.Single(test.Fabric.Catalog.GetCollection("c").Indexes);
        Assert.Empty(FabricVerifier.Verify(test.Fabric).Disagreements);
    }

    [Fact]
    public async Task A_truncated_collection_is_empty_for_its_view_and_can_be_filled_again()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateViewAsync(test.Scope, "v", new ViewSettings(Links(Link)));
        await test.InsertAsync(c, """{"text":"word3"}""");
        await test.Fabric.TruncateAsync(test.Scope, "c");
        await test.InsertAsync(test.Fabric.Catalog.GetCollection("c"), """{"text":"word3 word4"}""");

        Assert.Empty(FabricVerifier.Verify(test.Fabric).Disagreements);
        AssertPostings(test, test.Fabric.Catalog.GetView("v"), "word3");
    }

    [Fact]
    public async Task The_verifier_notices_damaged_postings()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateViewAsync(test.Scope, "v", new ViewSettings(Links(Link)));
        await test.InsertAsync(c, """{"_key":"a","text":"one two"}""");
        var index = IndexOf(test, "v");
        byte[] blocks = [.. KeyLayout.IndexPrefix(c.ContentsId, index.Id), (byte)InvertedKeyKind.Block];
        await test.WriteAsync(transaction => transaction.Storage.DeleteRange(KeyRange.WithPrefix(blocks), 1));

        var disagreements = FabricVerifier.Verify(test.Fabric).Disagreements;

        Assert.Contains(disagreements, sentence => sentence.Contains("is not found by one of its terms", StringComparison.Ordinal));
        Assert.Contains(disagreements, sentence => sentence.Contains("of them from documents", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_verifier_names_the_document_with_a_posting_it_should_not_have()
    {
        await using var test = await TestFabric.OpenAsync();
        var c = await test.CreateAsync("c");
        await test.Fabric.CreateViewAsync(test.Scope, "v", new ViewSettings(Links(Link)));
        await test.InsertAsync(c, """{"_key":"a","text":"one"}""");
        await test.InsertAsync(c, """{"_key":"b","text":"two"}""");
        var index = IndexOf(test, "v");
        await test.WriteAsync(transaction =>
        {
            // All postings of 'one' again under another word.
            byte[] blocks = [.. KeyLayout.IndexPrefix(c.ContentsId, index.Id), (byte)InvertedKeyKind.Block, .. "text\0text_en\0on"u8];
            byte[] key, value;
            using (var cursor = transaction.Storage.OpenCursor(KeyRange.WithPrefix(blocks)))
            {
                Assert.True(cursor.MoveNext());
                (key, value) = (cursor.Key.ToArray(), cursor.Value.ToArray());
            }
            key[blocks.Length] = (byte)'x';
            transaction.Storage.Put(key, value);
            return true;
        });

        var disagreements = FabricVerifier.Verify(test.Fabric).Disagreements;

        Assert.Contains(disagreements, sentence => sentence.Contains("document 'a' has", StringComparison.Ordinal));
        Assert.DoesNotContain(disagreements, sentence => sentence.Contains("document 'b'", StringComparison.Ordinal));
    }

    private static List<string> ValuesOf(GeoFabric.Primitives.Values.ArrayView values)
    {
        var texts = new List<string>();
        foreach (var value in values)
            texts.Add(value.ToString());
        return texts;
    }

    private static Dictionary<string, SearchField> Links(SearchField link) => new(StringComparer.Ordinal) { ["c"] = link };

    private static IndexDefinition IndexOf(TestFabric test, string view) =>
        test.Fabric.Catalog.GetCollection("c").Indexes.Single(index => index.ViewId == test.Fabric.Catalog.GetView(view).Id);

    private static void WriteOne(GeoFabric.Database.Transactions.FabricTransaction transaction, CollectionDefinition c, Random random)
    {
        var key = "k" + random.Next(400);
        var isThere = transaction.TryGetDocument(c, TestFabric.Key(key), out _);
        var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 9)).Select(_ => Words[(int)(30 * Math.Pow(random.NextDouble(), 3))]));
        var json = $$"""{"_key":"{{key}}","text":{{(random.Next(5) == 0 ? $"[\"{text}\", \"word3\", 7, null]" : $"\"{text}\"")}},"inner":{"n":{"deep":{{random.Next(4)}} } } }""";
        if (!isThere)
            transaction.Insert(c, TestFabric.Json(json), InsertOptions.Default);
        else if (random.Next(3) == 0)
            transaction.Remove(c, TestFabric.Key(key), RemoveOptions.Default);
        else
            transaction.Replace(c, TestFabric.Key(key), TestFabric.Json(json), ReplaceOptions.Default);
    }

    /// <summary>Compares a term's documents and frequencies with what the documents say.</summary>
    private static void AssertPostings(TestFabric test, ViewDefinition view, string word)
    {
        using var snapshot = test.Fabric.OpenSnapshot(test.Scope);
        var c = snapshot.Catalog.GetCollection("c");
        var reader = snapshot.OpenInverted(c, c.Indexes.Single(index => index.ViewId == view.Id));
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using var cursor = reader.OpenTerm(new SearchPath(["text"]), "text_en", Encoding.UTF8.GetBytes(word));
        var positions = new List<int>();
        while (cursor.MoveNext())
        {
            Assert.True(reader.TryGetDocument(cursor.Document, out var document));
            cursor.ReadPositions(positions);
            Assert.Equal(cursor.Frequency, positions.Count);
            found.Add(document.GetAttribute("_key"u8).Text, cursor.Frequency);
        }
        var expected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using var documents = snapshot.ScanCollection(c);
        while (documents.MoveNext())
        {
            var text = documents.Document.GetAttribute("text"u8).ToString();
            var count = text.Split(' ', '"', ',', '[', ']').Count(part => part == word);
            if (count > 0)
                expected.Add(documents.Document.GetAttribute("_key"u8).Text, count);
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected, found);
        Assert.Equal(expected.Count, reader.CountTerm(new SearchPath(["text"]), "text_en", Encoding.UTF8.GetBytes(word)).Documents);
    }
}
