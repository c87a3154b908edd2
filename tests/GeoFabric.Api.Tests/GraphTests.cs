namespace GeoFabric.Api.Tests;

public sealed class GraphTests(ServerFixture server)
{
    private const string School = """{"name":"school","edgeDefinitions":[{"collection":"teach","from":["teachers"],"to":["lectures"]}]}""";

    [Fact]
    public async Task A_graph_is_created_with_its_collections_listed_read_and_dropped()
    {
        var fabric = await server.NewFabricAsync();

        var created = (await fabric.PostAsync("/graph", School)).AssertStatus(202)["graph"]!;
        Assert.Equal(
            ["_key", "_id", "_rev", "name", "edgeDefinitions", "orphanCollections", "numberOfShards", "replicationFactor", "minReplicationFactor", "isSmart"],
            created.AsObject().Select(attribute => attribute.Key));
        Assert.Equal("_graphs/school", (string)created["_id"]!);
        Assert.Equal("""[{"collection":"teach","from":["teachers"],"to":["lectures"]}]""", created["edgeDefinitions"]!.ToJsonString());
        Assert.Equal(3, (int)(await fabric.GetAsync("/collection/teach")).AssertStatus(200)["type"]!);
        Assert.Equal(2, (int)(await fabric.GetAsync("/collection/lectures")).AssertStatus(200)["type"]!);

        (await fabric.PostAsync("/graph", School)).AssertError(409, 1925);
        Assert.Equal(created.ToJsonString(), (await fabric.GetAsync("/graph/school")).AssertStatus(200)["graph"]!.ToJsonString());
        Assert.Single((await fabric.GetAsync("/graph")).AssertStatus(200)["graphs"]!.AsArray());
        Assert.Equal("""["teach"]""", (await fabric.GetAsync("/graph/school/edge"))["collections"]!.ToJsonString());
        Assert.Equal("""["lectures","teachers"]""", (await fabric.GetAsync("/graph/school/vertex"))["collections"]!.ToJsonString());

        Assert.True((bool)(await fabric.DeleteAsync("/graph/school")).AssertStatus(202)["removed"]!);
        (await fabric.GetAsync("/graph/school")).AssertError(404, 1924);
        (await fabric.DeleteAsync("/graph/school")).AssertError(404, 1924);
        (await fabric.GetAsync("/collection/teach")).AssertStatus(200);
    }

    [Fact]
    public async Task Dropping_the_collections_spares_those_of_other_graphs()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/graph", School)).AssertStatus(202);
        (await fabric.PostAsync("/graph", """{"name":"other","edgeDefinitions":[{"collection":"visit","from":["pupils"],"to":["lectures"]}]}""")).AssertStatus(202);

        (await fabric.DeleteAsync("/graph/school?dropCollections=true")).AssertStatus(202);

        (await fabric.GetAsync("/collection/teach")).AssertError(404, 1203);
        (await fabric.GetAsync("/collection/teachers")).AssertError(404, 1203);
        (await fabric.GetAsync("/collection/lectures")).AssertStatus(200);
    }

    [Fact]
    public async Task Edge_definitions_are_added_replaced_and_removed_and_leave_their_vertices_as_orphans()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/graph", School)).AssertStatus(202);

        var added = (await fabric.PostAsync("/graph/school/edge", """{"collection":"visit","from":["pupils"],"to":["lectures"]}""")).AssertStatus(202)["graph"]!;
        Assert.Equal(2, added["edgeDefinitions"]!.AsArray().Count);
        (await fabric.PostAsync("/graph/school/edge", """{"collection":"visit","from":["pupils"],"to":["lectures"]}""")).AssertError(400, 1920);
        (await fabric.PostAsync("/graph/school/edge", """{"collection":"visit","from":"pupils"}""")).AssertError(400, 1923);
        (await fabric.PostAsync("/graph", """{"name":"other","edgeDefinitions":[{"collection":"visit","from":["teachers"],"to":["lectures"]}]}""")).AssertError(400, 1920);

        var replaced = (await fabric.PutAsync("/graph/school/edge/visit", """{"collection":"visit","from":["guests"],"to":["lectures"]}""")).AssertStatus(202)["graph"]!;
        Assert.Equal("""["pupils"]""", replaced["orphanCollections"]!.ToJsonString());
        (await fabric.PutAsync("/graph/school/edge/nothing", """{"collection":"nothing","from":["a"],"to":["b"]}""")).AssertError(404, 1930);
        (await fabric.PutAsync("/graph/school/edge/visit", "{}")).AssertError(400, 1923);

        var removed = (await fabric.DeleteAsync("/graph/school/edge/visit?dropCollection=true")).AssertStatus(202)["graph"]!;
        Assert.Equal("""["guests","pupils"]""", removed["orphanCollections"]!.ToJsonString());
        (await fabric.GetAsync("/collection/visit")).AssertError(404, 1203);
        (await fabric.DeleteAsync("/graph/school/edge/visit")).AssertError(404, 1930);
    }

    [Fact]
    public async Task Vertex_collections_are_added_and_removed()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/graph", School)).AssertStatus(202);

        var added = (await fabric.PostAsync("/graph/school/vertex", """{"collection":"rooms"}""")).AssertStatus(202)["graph"]!;
        Assert.Equal("""["rooms"]""", added["orphanCollections"]!.ToJsonString());
        (await fabric.PostAsync("/graph/school/vertex", """{"collection":"rooms"}""")).AssertError(400, 1938);
        (await fabric.PostAsync("/graph/school/vertex", """{"collection":"teachers"}""")).AssertError(400, 1929);

        (await fabric.DeleteAsync("/graph/school/vertex/teachers")).AssertError(400, 1928);
        (await fabric.DeleteAsync("/graph/school/vertex/rooms?dropCollection=true")).AssertStatus(202);
        (await fabric.GetAsync("/collection/rooms")).AssertError(404, 1203);
    }

    [Fact]
    public async Task Vertices_and_edges_are_written_through_the_graph()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/graph", School)).AssertStatus(202);

        var vertex = (await fabric.PostAsync("/graph/school/vertex/teachers", """{"_key":"t","a":1}""")).AssertStatus(202);
        Assert.Equal(["_id", "_key", "_rev"], vertex["vertex"]!.AsObject().Select(attribute => attribute.Key));
        (await fabric.PostAsync("/graph/school/vertex/lectures?waitForSync=true", """{"_key":"l"}""")).AssertStatus(201);
        (await fabric.PostAsync("/graph/school/vertex/teachers", """{"_key":"t"}""")).AssertError(409, 1210);
        var edge = (await fabric.PostAsync("/graph/school/edge/teach?returnNew=true", """{"_key":"e","_from":"teachers/t","_to":"lectures/l"}""")).AssertStatus(202);
        Assert.Equal("lectures/l", (string)edge["new"]!["_to"]!);

        Assert.Equal(1, (int)(await fabric.GetAsync("/graph/school/vertex/teachers/t")).AssertStatus(200)["vertex"]!["a"]!);
        var updated = (await fabric.PatchAsync("/graph/school/vertex/teachers/t?returnOld=true", """{"a":2}""")).AssertStatus(202);
        Assert.Equal((string)vertex["vertex"]!["_rev"]!, (string)updated["vertex"]!["_oldRev"]!);
        Assert.Equal(1, (int)updated["old"]!["a"]!);
        (await fabric.PutAsync("/graph/school/edge/teach/e", """{"_from":"teachers/t","_to":"lectures/l","b":1}""")).AssertStatus(202);
        Assert.Equal(1, (int)(await fabric.GetAsync("/graph/school/edge/teach/e")).AssertStatus(200)["edge"]!["b"]!);
        (await fabric.PatchAsync("/graph/school/edge/teach/e", "{}", ("If-Match", "_00000000000"))).AssertError(412, 1200);
        Assert.Equal("""["lectures/l"]""", (await fabric.PostAsync("/cursor", """{"query":"FOR v IN OUTBOUND 'teachers/t' GRAPH 'school' RETURN v._id"}"""))["result"]!.ToJsonString());

        (await fabric.DeleteAsync("/graph/school/edge/teach/e?waitForSync=true")).AssertStatus(200);
        (await fabric.DeleteAsync("/graph/school/edge/teach/e")).AssertError(404, 1202);
        (await fabric.GetAsync("/graph/school/edge/teach/e")).AssertError(404, 1202);
    }

    [Theory]
    [InlineData("vertex/teachers", """{"_key":"k","a":1}""")]
    [InlineData("edge/teach", """{"_key":"k","_from":"teachers/t","_to":"lectures/l"}""")]
    public async Task Revisions_of_vertices_and_edges_are_told_and_asked_for(string part, string document)
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/graph", School)).AssertStatus(202);
        foreach (var vertex in (string[])["teachers/t", "lectures/l"])
            await fabric.PostAsync("/document/" + vertex[..vertex.IndexOf('/')], $$"""{"_key":"{{vertex[^1]}}"}""");
        var collection = "/graph/school/" + part;
        var kind = part[..part.IndexOf('/')];

        var inserted = (await fabric.PostAsync(collection, document)).AssertStatus(202);
        var first = (string)inserted[kind]!["_rev"]!;
        Assert.Equal(first, inserted.Headers["ETag"]);
        var updated = (await fabric.PatchAsync(collection + "/k", """{"b":1}""", ("If-Match", first))).AssertStatus(202);
        var second = (string)updated[kind]!["_rev"]!;
        Assert.Equal(second, updated.Headers["ETag"]);
        var read = (await fabric.GetAsync($"{collection}/k?rev={second}")).AssertStatus(200);
        Assert.Equal($"\"{second}\"", read.Headers["ETag"]);
        Assert.Equal(second, (string)(await fabric.GetAsync($"{collection}/k?rev={first}")).AssertError(412, 1200)["_rev"]!);
        (await fabric.GetAsync($"{collection}/k?rev=false")).AssertStatus(200);
        (await fabric.GetAsync($"{collection}/k?rev=")).AssertStatus(200);
        (await fabric.GetAsync($"{collection}/k", ("If-None-Match", second))).AssertStatus(304);
        (await fabric.DeleteAsync($"{collection}/k", null, ("If-Match", first))).AssertError(412, 1200);
        (await fabric.DeleteAsync($"{collection}/k", null, ("If-Match", second))).AssertStatus(202);
    }

    [Fact]
    public async Task An_edge_must_lead_where_the_graph_says()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/graph", School)).AssertStatus(202);

        (await fabric.PostAsync("/graph/school/edge/teach", """{"_key":"e","_from":"lectures/l","_to":"teachers/t"}""")).AssertError(400, 1906);
        (await fabric.PostAsync("/graph/school/edge/teach", """{"_key":"e"}""")).AssertError(400, 1233);
        (await fabric.PostAsync("/document/teachers", """{"_key":"t"}""")).AssertStatus(202);
        (await fabric.PostAsync("/document/lectures", """{"_key":"l"}""")).AssertStatus(202);
        var missing = await fabric.PostAsync("/graph/school/edge/teach", """{"_key":"e","_from":"teachers/t","_to":"lectures/nope"}""");
        missing.AssertError(404, 1202);
        Assert.Contains("_to is 'lectures/nope'", (string)missing["errorMessage"]!, StringComparison.Ordinal);
        (await fabric.PostAsync("/graph/school/edge/teach", """{"_key":"e","_from":"teachers/nope","_to":"lectures/l"}""")).AssertError(404, 1202);
        (await fabric.GetAsync("/document/teach/e")).AssertError(404, 1202);
        (await fabric.PostAsync("/graph/school/edge/teach", """{"_key":"e","_from":"teachers/t","_to":"lectures/l"}""")).AssertStatus(202);
        (await fabric.PatchAsync("/graph/school/edge/teach/e", """{"_to":"rooms/1"}""")).AssertError(400, 1906);
        (await fabric.PatchAsync("/graph/school/edge/teach/e", """{"_to":"lectures/nope"}""")).AssertError(404, 1202);
        (await fabric.PutAsync("/graph/school/edge/teach/e", """{"_from":"teachers/nope","_to":"lectures/l"}""")).AssertError(404, 1202);
        // Past the graph anything is possible, and an edge whose vertex has gone can still be changed.
        (await fabric.DeleteAsync("/document/lectures/l")).AssertStatus(202);
        (await fabric.PatchAsync("/graph/school/edge/teach/e", """{"room":5}""")).AssertStatus(202);
        (await fabric.PostAsync("/document/teach", """{"_from":"teachers/nope","_to":"lectures/nope"}""")).AssertStatus(202);
        (await fabric.PostAsync("/graph/school/edge/teachers", "{}")).AssertError(404, 1930);
        (await fabric.PostAsync("/graph/school/vertex/teach", "{}")).AssertError(404, 1926);
        (await fabric.PostAsync("/graph/nothing/vertex/teach", "{}")).AssertError(404, 1924);
        (await fabric.GetAsync("/graph/nothing/vertex/teach/1")).AssertError(404, 1924);
    }

    [Fact]
    public async Task Removing_a_vertex_through_the_graph_removes_its_edges()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/graph", """{"name":"g","edgeDefinitions":[{"collection":"e","from":["v"],"to":["v"]}]}""")).AssertStatus(202);
        foreach (var key in (string[])["a", "b", "c"])
            (await fabric.PostAsync("/graph/g/vertex/v", $$"""{"_key":"{{key}}"}""")).AssertStatus(202);
        foreach (var (from, to) in ((string, string)[])[("a", "b"), ("b", "a"), ("a", "a"), ("b", "c")])
            (await fabric.PostAsync("/graph/g/edge/e", $$"""{"_from":"v/{{from}}","_to":"v/{{to}}"}""")).AssertStatus(202);

        (await fabric.DeleteAsync("/graph/g/vertex/v/a")).AssertStatus(202);

        Assert.Equal("""["v/c"]""", (await fabric.PostAsync("/cursor", """{"query":"FOR e IN e RETURN e._to"}"""))["result"]!.ToJsonString());
        (await fabric.DeleteAsync("/graph/g/vertex/v/a")).AssertError(404, 1202);
    }

    [Fact]
    public async Task A_graph_without_edges_cannot_be_walked()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/graph", """{"name":"g","edgeDefinitions":[],"orphanCollections":["v"]}""")).AssertStatus(202);

        (await fabric.PostAsync("/cursor", """{"query":"FOR v IN OUTBOUND 'v/1' GRAPH 'g' RETURN v"}""")).AssertError(400, 1940);
        (await fabric.PostAsync("/cursor", """{"query":"FOR v IN OUTBOUND 'v/1' GRAPH @g RETURN v","bindVars":{"g":"none"}}""")).AssertError(404, 1924);
        (await fabric.PostAsync("/cursor", """{"query":"FOR v IN OUTBOUND 'v/1' GRAPH @g RETURN v","bindVars":{"g":1}}""")).AssertError(400, 1553);
    }

    [Fact]
    public async Task Graphs_follow_a_collection_that_is_renamed()
    {
        var fabric = await server.NewFabricAsync();
        foreach (var name in new[] { "g", "h" })
            (await fabric.PostAsync("/graph", $$"""{"name":"{{name}}","edgeDefinitions":[{"collection":"e","from":["v"],"to":["v","w"]}],"orphanCollections":["{{name}}o"]}""")).AssertStatus(202);
        (await fabric.PostAsync("/document/v", """[{"_key":"a"},{"_key":"b"}]""")).AssertStatus(202);
        (await fabric.PostAsync("/document/e", """{"_from":"v/a","_to":"v/b"}""")).AssertStatus(202);

        foreach (var (name, newName) in new[] { ("e", "f"), ("w", "x"), ("go", "gp") })
            (await fabric.PutAsync($"/collection/{name}/rename", $$"""{"name":"{{newName}}"}""")).AssertStatus(200);

        foreach (var (name, orphan) in new[] { ("g", "gp"), ("h", "ho") })
        {
            var graph = (await fabric.GetAsync($"/graph/{name}")).AssertStatus(200)["graph"]!;
            Assert.Equal("""[{"collection":"f","from":["v"],"to":["v","x"]}]""", graph["edgeDefinitions"]!.ToJsonString());
            Assert.Equal($"""["{orphan}"]""", graph["orphanCollections"]!.ToJsonString());
            Assert.Equal("""["v/b"]""", (await fabric.PostAsync("/cursor", $$"""{"query":"FOR v IN OUTBOUND 'v/a' GRAPH '{{name}}' RETURN v._id"}""")).AssertStatus(201)["result"]!.ToJsonString());
            (await fabric.PostAsync($"/graph/{name}/edge/f", """{"_from":"v/b","_to":"v/a"}""")).AssertStatus(202);
        }
        (await fabric.DeleteAsync("/graph/g?dropCollections=true")).AssertStatus(202);
        (await fabric.GetAsync("/collection/gp")).AssertError(404, 1203);
        (await fabric.GetAsync("/collection/f")).AssertStatus(200);
    }
}
