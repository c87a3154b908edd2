using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Tests.Database;

public sealed class DocumentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Insert_then_read_gives_the_document_with_key_first(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var users = await test.CreateAsync("users");

        await test.InsertAsync(users, """{"name":"Ann","_key":"a1","_id":"x/y","_rev":"zz","tags":[1,{"b":null}]}""");

        Assert.Equal("""{"_key":"a1","name":"Ann","tags":[1,{"b":null}]}""", test.Read(users, "a1"));
        test.AssertSound();
    }

    [Fact]
    public async Task Documents_show_id_key_and_revision_first()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");

        var json = await test.WriteAsync(transaction => transaction.Insert(users, TestFabric.Json("""{"b":1,"_key":"k"}"""), InsertOptions.Default).New.ToString());

        Assert.StartsWith("""{"_id":"users/k","_key":"k","_rev":"_""", json, StringComparison.Ordinal);
        Assert.EndsWith(""","b":1}""", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Insert_with_existing_key_reports_1210_and_keeps_the_first_document(bool onDisk)
    {
        await using var test = await TestFabric.OpenAsync(onDisk);
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, """{"_key":"a","n":1}""");

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(users, """{"_key":"a","n":2}"""));

        Assert.Equal(1210, error.ErrorNumber);
        Assert.Contains("conflicting key: a", error.Message, StringComparison.Ordinal);
        Assert.Equal("""{"_key":"a","n":1}""", test.Read(users, "a"));
        test.AssertSound();
    }

    [Theory]
    [InlineData("""{"_key":""}""")]
    [InlineData("""{"_key":5}""")]
    [InlineData("""{"_key":null}""")]
    [InlineData("""{"_key":"a/b"}""")]
    [InlineData("""{"_key":"a b"}""")]
    [InlineData("""{"_key":"ä"}""")]
    public async Task Insert_with_a_bad_key_reports_1221(string json)
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");

        Assert.Equal(1221, (await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(users, json))).ErrorNumber);
    }

    [Fact]
    public async Task The_longest_key_works_and_one_more_byte_does_not()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var users = await test.CreateAsync("users");
        await test.IndexAsync("users", "persistent", "name");
        var key = new string('z', 254);

        await test.InsertAsync(users, $$"""{"_key":"{{key}}","name":"{{new string('n', 5000)}}"}""");

        Assert.NotNull(test.Read(users, key));
        Assert.Null(test.Read(users, key + "z"));
        Assert.Equal(1221, (await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(users, $$"""{"_key":"{{key}}z"}"""))).ErrorNumber);
        test.AssertSound();
    }

    [Fact]
    public async Task Values_that_are_no_objects_report_1227()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");

        foreach (var json in new[] { "1", "\"a\"", "[]", "null" })
            Assert.Equal(1227, (await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(users, json))).ErrorNumber);
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"b":2}""", """{"_key":"k","a":1,"b":2}""")]
    [InlineData("""{"a":1}""", """{"a":null}""", """{"_key":"k","a":null}""")]
    [InlineData("""{"o":{"x":1,"y":2}}""", """{"o":{"y":3,"z":4}}""", """{"_key":"k","o":{"x":1,"y":3,"z":4}}""")]
    [InlineData("""{"o":{"x":1}}""", """{"o":[1]}""", """{"_key":"k","o":[1]}""")]
    [InlineData("""{"l":[1,2]}""", """{"l":[3]}""", """{"_key":"k","l":[3]}""")]
    [InlineData("""{"a":1}""", """{"_key":"other","_id":"c/other","_rev":"x","a":2}""", """{"_key":"k","a":2}""")]
    public async Task Update_merges(string before, string patch, string after)
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, Keyed(before));

        await test.UpdateAsync(users, "k", patch);

        Assert.Equal(after, test.Read(users, "k"));
        test.AssertSound();
    }

    [Fact]
    public async Task Update_without_keepNull_removes_attributes_also_nested_ones()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, """{"_key":"k","a":1,"o":{"x":1,"y":2},"n":null}""");

        await test.UpdateAsync(users, "k", """{"a":null,"o":{"x":null},"p":{"q":null,"r":1}}""", new UpdateOptions(KeepNull: false));

        Assert.Equal("""{"_key":"k","o":{"y":2},"n":null,"p":{"r":1}}""", test.Read(users, "k"));
    }

    [Fact]
    public async Task Update_without_mergeObjects_replaces_objects()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, """{"_key":"k","o":{"x":1}}""");

        await test.UpdateAsync(users, "k", """{"o":{"y":2}}""", new UpdateOptions(MergeObjects: false));

        Assert.Equal("""{"_key":"k","o":{"y":2}}""", test.Read(users, "k"));
    }

    [Fact]
    public async Task Update_with_an_empty_patch_keeps_the_revision_and_every_other_write_makes_a_new_one()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, """{"_key":"k","a":1}""");
        var first = test.Revision(users, "k");

        await test.UpdateAsync(users, "k", "{}");
        Assert.Equal(first, test.Revision(users, "k"));
        await test.UpdateAsync(users, "k", """{"_key":"k","_rev":"abc"}""");
        Assert.Equal(first, test.Revision(users, "k"));

        await test.UpdateAsync(users, "k", """{"a":1}""");
        var second = test.Revision(users, "k");
        Assert.True(string.CompareOrdinal(second, first) > 0);
        await test.ReplaceAsync(users, "k", """{"a":1}""");
        Assert.True(string.CompareOrdinal(test.Revision(users, "k"), second) > 0);
        test.AssertSound();
    }

    [Fact]
    public async Task Revisions_are_checked_when_asked_for()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, """{"_key":"k","a":1}""");
        var revision = test.Revision(users, "k")!;

        async Task<int> NumberOf(Task<string> write) => (await Assert.ThrowsAsync<GeoFabricException>(() => write)).ErrorNumber;
        Assert.Equal(1200, await NumberOf(test.UpdateAsync(users, "k", """{"a":2,"_rev":"_0000000000-"}""", new UpdateOptions(IgnoreRevisions: false))));
        Assert.Equal(1200, await NumberOf(test.UpdateAsync(users, "k", """{"a":2}""", new UpdateOptions(ExpectedRevision: "no revision"))));
        Assert.Equal(1200, await NumberOf(test.ReplaceAsync(users, "k", """{"a":2,"_rev":7}""", new ReplaceOptions(IgnoreRevisions: false))));
        Assert.Equal(1200, await NumberOf(test.RemoveAsync(users, "k", new RemoveOptions("_0000000000-"))));
        Assert.Equal("""{"_key":"k","a":1}""", test.Read(users, "k"));

        await test.UpdateAsync(users, "k", """{"a":2,"_rev":"_0000000000-"}""");
        revision = test.Revision(users, "k")!;
        await test.ReplaceAsync(users, "k", $$"""{"a":3,"_rev":"{{revision}}"}""", new ReplaceOptions(IgnoreRevisions: false));
        await test.RemoveAsync(users, "k", new RemoveOptions(test.Revision(users, "k")));
        Assert.Null(test.Read(users, "k"));
    }

    [Fact]
    public async Task Writes_to_missing_documents_report_1202()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");

        Assert.Equal(1202, (await Assert.ThrowsAsync<GeoFabricException>(() => test.UpdateAsync(users, "k", "{}"))).ErrorNumber);
        Assert.Equal(1202, (await Assert.ThrowsAsync<GeoFabricException>(() => test.ReplaceAsync(users, "k", "{}"))).ErrorNumber);
        Assert.Equal(1202, (await Assert.ThrowsAsync<GeoFabricException>(() => test.RemoveAsync(users, "not a key"))).ErrorNumber);
    }

    [Fact]
    public async Task Overwrite_modes_ignore_replace_and_update()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, """{"_key":"k","a":1,"b":1}""");

        var ignored = await test.WriteAsync(transaction =>
        {
            var result = transaction.Insert(users, TestFabric.Json("""{"_key":"k","a":2}"""), new InsertOptions(OverwriteMode.Ignore));
            return (result.Outcome, NewIsNull: result.New.IsNull, Old: TestFabric.Plain(result.Old));
        });
        Assert.Equal((DocumentWriteOutcome.Ignored, true, """{"_key":"k","a":1,"b":1}"""), ignored);

        await test.InsertAsync(users, """{"_key":"k","a":null,"c":3}""", new InsertOptions(OverwriteMode.Update, KeepNull: false));
        Assert.Equal("""{"_key":"k","b":1,"c":3}""", test.Read(users, "k"));

        await test.InsertAsync(users, """{"_key":"k","d":4}""", new InsertOptions(OverwriteMode.Replace));
        Assert.Equal("""{"_key":"k","d":4}""", test.Read(users, "k"));
        test.AssertSound();
    }

    [Fact]
    public async Task Old_and_new_stay_readable_until_the_transaction_ends()
    {
        await using var test = await TestFabric.OpenAsync(onDisk: true);
        var users = await test.CreateAsync("users");
        await test.InsertAsync(users, """{"_key":"k","n":0}""");

        var seen = await test.WriteAsync(transaction =>
        {
            var results = new List<DocumentWriteResult>();
            for (var i = 1; i <= 100; i++)
                results.Add(transaction.Replace(users, "k"u8, TestFabric.Json($$"""{"n":{{i}},"text":"{{new string('x', i * 50)}}"}"""), ReplaceOptions.Default));
            return results.Select(result => (result.Old.GetAttribute("n"u8).Integer, result.New.GetAttribute("n"u8).Integer)).ToList();
        });

        Assert.Equal(Enumerable.Range(0, 100).Select(i => ((long)i, (long)i + 1)), seen);
    }

    [Fact]
    public async Task Edges_need_both_ends_and_keep_them_on_replace()
    {
        await using var test = await TestFabric.OpenAsync();
        var knows = await test.CreateAsync("knows", CollectionType.Edge);

        foreach (var json in new[] { "{}", """{"_from":"a/1"}""", """{"_from":"a/1","_to":"b"}""", """{"_from":"a/1","_to":7}""", """{"_from":"a/1","_to":"/1"}""" })
            Assert.Equal(1233, (await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(knows, json))).ErrorNumber);

        await test.InsertAsync(knows, """{"w":1,"_to":"b/2","_key":"k","_from":"a/1"}""");
        Assert.Equal("""{"_key":"k","_from":"a/1","_to":"b/2","w":1}""", test.Read(knows, "k"));
        await test.ReplaceAsync(knows, "k", """{"w":2}""");
        Assert.Equal("""{"_key":"k","_from":"a/1","_to":"b/2","w":2}""", test.Read(knows, "k"));
        await test.ReplaceAsync(knows, "k", """{"_to":"b/3"}""");
        Assert.Equal("""{"_key":"k","_from":"a/1","_to":"b/3"}""", test.Read(knows, "k"));
        await test.UpdateAsync(knows, "k", """{"_from":"a/9"}""");
        Assert.Equal("""{"_key":"k","_from":"a/9","_to":"b/3"}""", test.Read(knows, "k"));
        Assert.Equal(1233, (await Assert.ThrowsAsync<GeoFabricException>(() => test.UpdateAsync(knows, "k", """{"_from":null}"""))).ErrorNumber);
        test.AssertSound();
    }

    [Fact]
    public async Task Ends_are_plain_attributes_in_document_collections()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");

        await test.InsertAsync(users, """{"_key":"k","_from":5}""");

        Assert.Equal("""{"_key":"k","_from":5}""", test.Read(users, "k"));
    }

    [Fact]
    public async Task Documents_of_the_largest_size_fit_and_larger_ones_report_1216()
    {
        await using var test = await TestFabric.OpenAsync(options: new GeoFabric.Database.DatabaseOptions { DocumentBytesMax = 1000 });
        var users = await test.CreateAsync("users");

        await test.InsertAsync(users, $$"""{"t":"{{new string('x', 800)}}"}""");
        var error = await Assert.ThrowsAsync<GeoFabricException>(() => test.InsertAsync(users, $$"""{"t":"{{new string('x', 1000)}}"}"""));

        Assert.Equal(1216, error.ErrorNumber);
        test.AssertSound();
    }

    [Fact]
    public async Task Documents_nested_too_deeply_are_refused()
    {
        await using var test = await TestFabric.OpenAsync();
        var users = await test.CreateAsync("users");
        var deepest = JsonValueReader.Parse(Nested(JsonValueReader.DepthMax - 1));
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("a"u8, deepest);
        builder.EndObject();
        var deep = builder.Build();

        await test.WriteAsync(transaction => transaction.Insert(users, deepest, InsertOptions.Default).Outcome);
        var error = await Assert.ThrowsAsync<GeoFabricException>(() => test.WriteAsync(transaction => transaction.Insert(users, deep, InsertOptions.Default).Outcome));

        static byte[] Nested(int arrays) => Encoding.UTF8.GetBytes($$"""{"a":{{new string('[', arrays)}}{{new string(']', arrays)}}}""");

        Assert.Equal(ErrorCodes.TooMuchNesting, error.Code);
    }

    private static string Keyed(string json) => """{"_key":"k",""" + json[1..];
}
