namespace GeoFabric.Api.Tests;

public sealed class DocumentTests(ServerFixture server)
{
    [Fact]
    public async Task A_document_is_inserted_read_updated_replaced_and_removed()
    {
        var fabric = await server.NewCollectionAsync();

        var inserted = (await fabric.PostAsync("/document/c?returnNew=true", """{"_key":"k","a":1,"o":{"x":1}}""")).AssertStatus(202);
        Assert.Equal(["_id", "_key", "_rev", "new"], inserted.Body!.AsObject().Select(attribute => attribute.Key));
        Assert.Equal($"\"{(string)inserted["_rev"]!}\"", inserted.Headers["ETag"]);
        Assert.Matches("^/_tenant/_mm/_fabric/fabric[0-9]+/_api/document/c/k$", inserted.Headers["Location"]);

        var read = (await fabric.GetAsync("/document/c/k")).AssertStatus(200);
        Assert.Equal("""{"_id":"c/k","_key":"k","_rev":"REV","a":1,"o":{"x":1}}""".Replace("REV", (string)inserted["_rev"]!, StringComparison.Ordinal), read.Text);

        var updated = (await fabric.PatchAsync("/document/c/k?returnNew=1&returnOld=True", """{"b":2,"o":{"y":2}}""")).AssertStatus(202);
        Assert.Equal((string)inserted["_rev"]!, (string)updated["_oldRev"]!);
        Assert.Equal("""{"x":1,"y":2}""", updated["new"]!["o"]!.ToJsonString());
        Assert.Null(updated["old"]!["b"]);

        var replaced = (await fabric.PutAsync("/document/c/k?returnNew=true&waitForSync=true", """{"c":3}""")).AssertStatus(201);
        Assert.Equal(["_id", "_key", "_rev", "c"], replaced["new"]!.AsObject().Select(attribute => attribute.Key));

        var removed = (await fabric.DeleteAsync("/document/c/k?returnOld=true")).AssertStatus(202);
        Assert.Equal((string)replaced["_rev"]!, (string)removed["_rev"]!);
        Assert.Equal(3, (int)removed["old"]!["c"]!);
        (await fabric.GetAsync("/document/c/k")).AssertError(404, 1202);
        (await fabric.DeleteAsync("/document/c/k")).AssertError(404, 1202);
        (await fabric.PatchAsync("/document/c/k", "{}")).AssertError(404, 1202);
    }

    [Fact]
    public async Task Waiting_for_the_sync_changes_the_status()
    {
        var fabric = await server.NewCollectionAsync(""","waitForSync":true""");

        (await fabric.PostAsync("/document/c", """{"_key":"a"}""")).AssertStatus(201);
        (await fabric.PostAsync("/document/c?waitForSync=false", """{"_key":"b"}""")).AssertStatus(202);
        (await fabric.DeleteAsync("/document/c/a")).AssertStatus(200);
        (await fabric.DeleteAsync("/document/c", """["b"]""")).AssertStatus(200);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"{0}\"")]
    [InlineData("W/\"{0}\"")]
    public async Task Preconditions_take_revisions_with_and_without_quotes(string form)
    {
        var fabric = await server.NewCollectionAsync();
        var revision = (string)(await fabric.PostAsync("/document/c", """{"_key":"k"}"""))["_rev"]!;
        var right = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, revision);
        var wrong = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, "_00000000000");

        (await fabric.GetAsync("/document/c/k", ("If-Match", right))).AssertStatus(200);
        (await fabric.GetAsync("/document/c/k", ("If-None-Match", wrong))).AssertStatus(200);
        var same = (await fabric.GetAsync("/document/c/k", ("If-None-Match", right))).AssertStatus(304);
        Assert.Empty(same.Text);
        foreach (var method in (string[])["GET", "PATCH", "PUT", "DELETE"])
        {
            var failed = (await fabric.SendAsync(method, "/document/c/k", method is "GET" or "DELETE" ? null : "{}", ("If-Match", wrong))).AssertError(412, 1200);
            Assert.Equal(["c/k", "k", revision], new[] { "_id", "_key", "_rev" }.Select(name => (string)failed[name]!));
        }
        (await fabric.PatchAsync("/document/c/k", """{"a":1}""", ("If-Match", right))).AssertStatus(202);
    }

    [Fact]
    public async Task Preconditions_take_lists_and_a_star()
    {
        var fabric = await server.NewCollectionAsync();
        var revision = (string)(await fabric.PostAsync("/document/c", """{"_key":"k"}"""))["_rev"]!;
        var list = $"\"_00000000000\", W/\"{revision}\"";

        (await fabric.GetAsync("/document/c/k", ("If-Match", list))).AssertStatus(200);
        (await fabric.GetAsync("/document/c/k", ("If-None-Match", list))).AssertStatus(304);
        (await fabric.GetAsync("/document/c/k", ("If-None-Match", "*"))).AssertStatus(304);
        (await fabric.GetAsync("/document/c/k", ("If-Match", "_00000000000"), ("If-None-Match", revision))).AssertError(412, 1200);
        var updated = (await fabric.PatchAsync("/document/c/k", """{"a":1}""", ("If-Match", list))).AssertStatus(202);
        (await fabric.PutAsync("/document/c/k", """{"a":2}""", ("If-Match", list))).AssertError(412, 1200);
        Assert.Equal(revision, (string)updated["_oldRev"]!);
        (await fabric.PutAsync("/document/c/k", """{"a":2}""", ("If-Match", "*"))).AssertStatus(202);
        (await fabric.DeleteAsync("/document/c/k", null, ("If-Match", " * "))).AssertStatus(202);
        (await fabric.DeleteAsync("/document/c/k", null, ("If-Match", "*"))).AssertError(404, 1202);
    }

    [Fact]
    public async Task A_revision_in_the_body_counts_only_when_revisions_are_not_ignored()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """{"_key":"k"}""")).AssertStatus(202);

        (await fabric.PatchAsync("/document/c/k", """{"_rev":"_00000000000","a":1}""")).AssertStatus(202);
        (await fabric.PatchAsync("/document/c/k?ignoreRevs=false", """{"_rev":"_00000000000","a":2}""")).AssertError(412, 1200);
        (await fabric.PutAsync("/document/c/k?ignoreRevs=false", """{"_rev":"_00000000000","a":2}""")).AssertError(412, 1200);
    }

    [Fact]
    public async Task Null_attributes_and_nested_objects_follow_keepNull_and_mergeObjects()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """{"_key":"k","a":1,"o":{"x":1}}""")).AssertStatus(202);

        var kept = await fabric.PatchAsync("/document/c/k?returnNew=true", """{"a":null}""");
        Assert.True(kept["new"]!.AsObject().ContainsKey("a"));
        var dropped = await fabric.PatchAsync("/document/c/k?returnNew=true&keepNull=false", """{"a":null}""");
        Assert.False(dropped["new"]!.AsObject().ContainsKey("a"));
        var swapped = await fabric.PatchAsync("/document/c/k?returnNew=true&mergeObjects=false", """{"o":{"y":2}}""");
        Assert.Equal("""{"y":2}""", swapped["new"]!["o"]!.ToJsonString());
    }

    [Fact]
    public async Task A_taken_key_is_1210_unless_overwriting_is_asked_for()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """{"_key":"k","a":1}""")).AssertStatus(202);

        (await fabric.PostAsync("/document/c", """{"_key":"k","b":2}""")).AssertError(409, 1210);
        var replaced = (await fabric.PostAsync("/document/c?overwrite=true&returnNew=true&returnOld=true", """{"_key":"k","b":2}""")).AssertStatus(202);
        Assert.NotNull(replaced["_oldRev"]);
        Assert.Equal(1, (int)replaced["old"]!["a"]!);
        Assert.Null(replaced["new"]!["a"]);
        var merged = (await fabric.PostAsync("/document/c?overwriteMode=update&returnNew=true", """{"_key":"k","c":3}""")).AssertStatus(202);
        Assert.Equal(2, (int)merged["new"]!["b"]!);
        (await fabric.PostAsync("/document/c?overwriteMode=ignore", """{"_key":"k","c":9}""")).AssertStatus(202);
        Assert.Equal(3, (int)(await fabric.GetAsync("/document/c/k"))["c"]!);
    }

    [Fact]
    public async Task HEAD_answers_with_headers_only()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """{"_key":"k"}""")).AssertStatus(202);

        var found = await fabric.SendAsync("HEAD", "/document/c/k", null);
        var missing = await fabric.SendAsync("HEAD", "/document/c/none", null);

        Assert.Equal(200, found.Status);
        Assert.True(found.Headers.ContainsKey("ETag"));
        Assert.Empty(found.Text);
        Assert.Equal(404, missing.Status);
        Assert.Empty(missing.Text);
    }

    [Fact]
    public async Task Silent_writes_answer_an_empty_object()
    {
        var fabric = await server.NewCollectionAsync();

        Assert.Equal("{}", (await fabric.PostAsync("/document/c?silent=true", """{"_key":"k"}""")).AssertStatus(202).Text);
        Assert.Equal("{}", (await fabric.PatchAsync("/document/c/k?silent=1", "{}")).AssertStatus(202).Text);
        Assert.Equal("{}", (await fabric.PostAsync("/document/c?silent=True", "[{},{}]")).AssertStatus(202).Text);
        Assert.Equal("{}", (await fabric.DeleteAsync("/document/c/k?silent=true")).AssertStatus(202).Text);
    }

    [Fact]
    public async Task In_a_batch_items_fail_one_by_one_and_are_counted_in_a_header()
    {
        var fabric = await server.NewCollectionAsync();

        var inserted = (await fabric.PostAsync("/document/c?returnNew=true", """[{"_key":"a","v":1},{"_key":"a"},{"_key":"b/c"},5,{"v":2}]""")).AssertStatus(202);
        Assert.Equal("a", (string)inserted.Body![0]!["_key"]!);
        Assert.Equal([1210, 1221, 1227], inserted.Body.AsArray().Skip(1).Take(3).Select(item => (int)item!["errorNum"]!));
        Assert.False(inserted.Body[1]!.AsObject().ContainsKey("code"));
        Assert.Equal(2, (int)inserted.Body[4]!["new"]!["v"]!);
        Assert.Equal("""{"1210":1,"1221":1,"1227":1}""", inserted.Headers["x-c8-error-codes"]);
        Assert.Equal(2, (int)(await fabric.GetAsync("/collection/c/count"))["count"]!);

        var updated = (await fabric.PatchAsync("/document/c?returnNew=true", """[{"_key":"a","w":1},{"_id":"c/a","x":1},{"_key":"none"},{"x":1}]""")).AssertStatus(202);
        Assert.Equal(1, (int)updated.Body![1]!["new"]!["w"]!);
        Assert.Equal([1202, 1226], updated.Body.AsArray().Skip(2).Select(item => (int)item!["errorNum"]!));

        var replaced = (await fabric.PutAsync("/document/c/?returnNew=true", """[{"_key":"a","z":1}]""")).AssertStatus(202);
        Assert.Null(replaced.Body![0]!["new"]!["w"]);

        var removed = (await fabric.DeleteAsync("/document/c?returnOld=true", """["a","c/a",{"_key":"none"},"other/a"]""")).AssertStatus(202);
        Assert.Equal(1, (int)removed.Body![0]!["old"]!["z"]!);
        Assert.Equal([1202, 1202, 1202], removed.Body.AsArray().Skip(1).Select(item => (int)item!["errorNum"]!));
        Assert.Equal("[]", (await fabric.PostAsync("/document/c", "[]")).AssertStatus(202).Text);
    }

    [Fact]
    public async Task Edges_need_their_ends_and_the_legacy_insert_works()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/collection", """{"name":"e","type":3}""")).AssertStatus(200);

        var saved = (await fabric.PostAsync("/document?collection=e", """{"_from":"a/1","_to":"b/2","x":1}""")).AssertStatus(202);
        (await fabric.PostAsync("/document/e", """{"x":1}""")).AssertError(400, 1233);
        (await fabric.PostAsync("/document/e", """{"_from":"a","_to":"b/2"}""")).AssertError(400, 1233);

        var read = await fabric.GetAsync("/document/e/" + (string)saved["_key"]!);
        Assert.Equal(["_id", "_key", "_rev", "_from", "_to", "x"], read.Body!.AsObject().Select(attribute => attribute.Key));
    }

    [Theory]
    [InlineData("a.b@c.d")]
    [InlineData("k:1")]
    [InlineData("(x)")]
    [InlineData("a+b,c=d;e$f!g*h'i")]
    [InlineData("100%")]
    [InlineData("%41")]
    [InlineData("%2541")]
    [InlineData("a%2Fb")]
    [InlineData("-_")]
    public async Task Every_allowed_character_works_in_a_key_escaped_and_as_it_is(string key)
    {
        var fabric = await server.NewCollectionAsync();
        var inserted = (await fabric.PostAsync("/document/c", System.Text.Json.JsonSerializer.Serialize(new { _key = key }))).AssertStatus(202);

        (await fabric.GetAsync("/document/c/" + Uri.EscapeDataString(key))).AssertStatus(200);
        if (!key.Contains('%'))
            (await fabric.GetAsync("/document/c/" + key)).AssertStatus(200);
        (await server.Root.GetAsync(inserted.Headers["Location"])).AssertStatus(200);
    }

    [Fact]
    public async Task A_percent_sign_in_a_path_is_decoded_once()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """{"_key":"A"}""")).AssertStatus(202);

        (await fabric.GetAsync("/document/c/%41")).AssertStatus(200);
        (await fabric.GetAsync("/document/c/%2541")).AssertError(404, 1202);
    }

    [Fact]
    public async Task Edges_of_a_vertex_are_listed_by_direction()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/collection", """{"name":"e","type":3}""")).AssertStatus(200);
        (await fabric.PostAsync("/document/e", """[{"_key":"1","_from":"c/a","_to":"c/b"},{"_key":"2","_from":"c/b","_to":"c/a"},{"_key":"3","_from":"c/a","_to":"c/a"},{"_key":"4","_from":"c/b","_to":"c/c"}]""")).AssertStatus(202);

        Assert.Equal(["1", "2", "3"], await KeysAsync("vertex=c/a"));
        Assert.Equal(["1", "2", "3"], await KeysAsync("direction=&vertex=c%2Fa"));
        Assert.Equal(["1", "2", "3"], await KeysAsync("direction=any&vertex=c/a"));
        Assert.Equal(["1", "3"], await KeysAsync("direction=out&vertex=c/a"));
        Assert.Equal(["2", "3"], await KeysAsync("direction=in&vertex=c/a"));
        Assert.Empty(await KeysAsync("vertex=c/none"));
        var answer = (await fabric.GetAsync("/edges/e?vertex=c/c")).AssertStatus(200);
        Assert.Equal(1, (int)answer["stats"]!["scannedIndex"]!);
        Assert.Equal("c/b", (string)answer["edges"]![0]!["_from"]!);
        (await fabric.GetAsync("/edges/e")).AssertError(400, 10);
        (await fabric.GetAsync("/edges/e?vertex=c/a&direction=up")).AssertError(400, 10);
        (await fabric.GetAsync("/edges/c?vertex=c/a")).AssertError(400, 1218);
        (await fabric.GetAsync("/edges/none?vertex=c/a")).AssertError(404, 1203);

        async Task<IEnumerable<string>> KeysAsync(string query) =>
            (await fabric.GetAsync("/edges/e?" + query)).AssertStatus(200)["edges"]!.AsArray().Select(edge => (string)edge!["_key"]!).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_large_document_survives_the_round_trip()
    {
        var fabric = await server.NewCollectionAsync();
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => (char)('a' + (i % 26)))) + "äöü\\n€😀";

        (await fabric.PostAsync("/document/c", $$"""{"_key":"k","t":"{{text}}"}""")).AssertStatus(202);

        Assert.Equal(text.Replace("\\n", "\n", StringComparison.Ordinal), (string)(await fabric.GetAsync("/document/c/k"))["t"]!);
    }
}
