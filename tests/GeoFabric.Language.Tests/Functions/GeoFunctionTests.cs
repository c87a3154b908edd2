using System.Globalization;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Language.Tests.Functions;

public sealed class GeoFunctionTests
{
    private const string Square = """{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}""";
    private const string Frame = """{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],[4,6],[4,4]]]}""";

    /// <summary>Of rings of a hundred thousand places, of which each pair is compared.</summary>
    [Theory]
    [InlineData("GEO_POLYGON")]
    [InlineData("GEO_EQUALS")]
    [InlineData("GEO_CONTAINS")]
    [InlineData("GEO_INTERSECTS")]
    public void Long_rings_are_compared_until_told_to_stop(string name)
    {
        string Ring(int from) => "[" + string.Join(',', Enumerable.Range(0, 100_001).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"[{from + Math.Cos(i % 100_000 * Math.PI / 50_000)},{Math.Sin(i % 100_000 * Math.PI / 50_000)}]"))) + "]";
        string Polygon(int from) => $$"""{"type":"Polygon","coordinates":[{{Ring(from)}}]}""";

        var error = Assert.Throws<GeoFabricException>(() => FunctionCase.Call(
            new FunctionTestContext { StopsAfter = 3 }, name, name == "GEO_POLYGON" ? $"[{Ring(0)}]" : $"[{Polygon(0)},{Polygon(name == "GEO_CONTAINS" ? 0 : 5)}]"));

        Assert.Equal(ErrorCodes.QueryKilled.Number, error.ErrorNumber);
    }

    public static TheoryData<string> Constructors { get; } = FunctionCase.Parse("""
        GEO_POINT [1, 2] => {"type":"Point","coordinates":[1,2]}
        GEO_POINT [1.5, -2.5, 100] => {"type":"Point","coordinates":[1.5,-2.5,100]}
        GEO_POINT ["1", 2] => null !1542
        GEO_POINT [1, null] => null !1542
        GEO_POINT [181, 2] => null !1542
        GEO_POINT [1, 91] => null !1542
        GEO_MULTIPOINT [[[1,2],[3,4]]] => {"type":"MultiPoint","coordinates":[[1,2],[3,4]]}
        GEO_MULTIPOINT [[{"type":"Point","coordinates":[1,2]},[3,4]]] => {"type":"MultiPoint","coordinates":[[1,2],[3,4]]}
        GEO_MULTIPOINT [[]] => null !1542
        GEO_MULTIPOINT [[[1]]] => null !1542
        GEO_MULTIPOINT [["a"]] => null !1542
        GEO_MULTIPOINT [null] => null !1542
        GEO_LINESTRING [[[1,2],[3,4]]] => {"type":"LineString","coordinates":[[1,2],[3,4]]}
        GEO_LINESTRING [[[1,2]]] => null !1542
        GEO_LINESTRING [{}] => null !1542
        GEO_MULTILINESTRING [[[[1,2],[3,4]],[[5,6],[7,8]]]] => {"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}
        GEO_MULTILINESTRING [[[[1,2]]]] => null !1542
        GEO_MULTILINESTRING [[[1,2],[3,4]]] => null !1542
        GEO_POLYGON [[[0,0],[1,0],[1,1],[0,0]]] => {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}
        GEO_POLYGON [[[[0,0],[1,0],[1,1],[0,0]]]] => {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}
        GEO_POLYGON [[[0,0],[1,0],[1,1]]] => null !1542
        GEO_POLYGON [[[0,0],[1,0],[1,1],[0,1]]] => null !1542
        GEO_POLYGON [[[0,0],[1,0],[0,0]]] => null !1542
        GEO_POLYGON [[[0,0],[1,1],[1,0],[0,1],[0,0]]] => null !1542
        GEO_POLYGON [[[0,0],[0,0],[0,0],[0,0]]] => null !1542
        GEO_POLYGON [[[0,0],[2,0],[1,0],[1,1],[0,0]]] => null !1542
        GEO_POLYGON [[]] => null !1542
        GEO_POLYGON ["x"] => null !1542
        GEO_MULTIPOLYGON [[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]] => {"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}
        GEO_MULTIPOLYGON [[[[0,0],[1,0],[1,1],[0,0]]]] => null !1542
        GEO_MULTIPOLYGON [1] => null !1542
        """);

    public static TheoryData<string> Relations { get; } = FunctionCase.Parse($$$"""
        DISTANCE [52.5163, 13.3777, 50.9322, 6.94] => 476918.89688380965
        DISTANCE [0, 0, 0, 0] => 0
        DISTANCE [0, 0, 0, 180] => 20015086.79602057
        DISTANCE ["0", 0, 0, 0] => null !1542
        DISTANCE [null, 0, 0, 0] => null !1542
        DISTANCE [91, 0, 0, 0] => null !1542
        DISTANCE [0, 0, 0, -181] => null !1542
        GEO_DISTANCE [[0,0], 5] => null !1542
        GEO_DISTANCE [[0,0], {"type":"Circle","coordinates":[0,0]}] => null !1542
        GEO_DISTANCE [[0,0], [0,0], "moon"] => null !1542
        GEO_DISTANCE [[0,0], [0,0], 1] => null !1542
        GEO_DISTANCE [[0,0], [0,0]] => 0
        GEO_IN_RANGE [[0,0], [0,1], 0, 200000] => true
        GEO_IN_RANGE [[0,0], [0,1], 0, 100000] => false
        GEO_IN_RANGE [[0,0], [0,0], 0, 10] => true
        GEO_IN_RANGE [[0,0], [0,0], 0, 10, false] => false
        GEO_IN_RANGE [[0,0], [0,0], -5, 0, true, false] => false
        GEO_IN_RANGE [[0,0], [0,0], "0", 10] => null !1542
        GEO_IN_RANGE [[0,0], "x", 0, 10] => null !1542
        GEO_CONTAINS [{{{Square}}}, [5,5]] => true
        GEO_CONTAINS [{{{Square}}}, [0,0]] => true
        GEO_CONTAINS [{{{Square}}}, [5,0]] => true
        GEO_CONTAINS [{{{Square}}}, [11,5]] => false
        GEO_CONTAINS [{{{Square}}}, [-175,-5]] => false
        GEO_CONTAINS [{{{Frame}}}, [5,5]] => false
        GEO_CONTAINS [{{{Frame}}}, [3,5]] => true
        GEO_CONTAINS [{{{Frame}}}, [4,4]] => true
        GEO_CONTAINS [{{{Square}}}, {{{Frame}}}] => true
        GEO_CONTAINS [{{{Frame}}}, {{{Square}}}] => false
        GEO_CONTAINS [{{{Frame}}}, {{{Frame}}}] => true
        GEO_CONTAINS [{{{Square}}}, {{{Square}}}] => true
        GEO_CONTAINS [{{{Square}}}, {"type":"LineString","coordinates":[[1,1],[9,9]]}] => true
        GEO_CONTAINS [{{{Square}}}, {"type":"LineString","coordinates":[[1,1],[12,9]]}] => false
        GEO_CONTAINS [{{{Frame}}}, {"type":"LineString","coordinates":[[1,5],[9,5]]}] => false
        GEO_CONTAINS [{{{Square}}}, {"type":"MultiPoint","coordinates":[[1,5],[9,5]]}] => true
        GEO_CONTAINS [{{{Square}}}, {"type":"MultiPoint","coordinates":[[1,5],[19,5]]}] => false
        GEO_CONTAINS [{"type":"Point","coordinates":[1,2]}, [1,2]] => true
        GEO_CONTAINS [{"type":"Point","coordinates":[1,2]}, {{{Square}}}] => false
        GEO_CONTAINS [{"type":"Polygon","coordinates":[[[0,0],[0,10],[10,10],[10,0],[0,0]]]}, [5,5]] => true
        GEO_CONTAINS [{"type":"Polygon","coordinates":[[[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]]]}, [180,0]] => true
        GEO_CONTAINS [{"type":"Polygon","coordinates":[[[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]]]}, [0,0]] => false
        GEO_CONTAINS [{"type":"Polygon","coordinates":[[[0,80],[90,80],[180,80],[-90,80],[0,80]]]}, [17,90]] => true
        GEO_CONTAINS [null, [1,2]] => null !1542
        GEO_CONTAINS [{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}, [1,2]] => null !1542
        GEO_INTERSECTS [{{{Square}}}, [5,5]] => true
        GEO_INTERSECTS [{{{Square}}}, [15,5]] => false
        GEO_INTERSECTS [{{{Square}}}, {"type":"LineString","coordinates":[[-5,5],[15,5]]}] => true
        GEO_INTERSECTS [{{{Square}}}, {"type":"LineString","coordinates":[[-5,15],[15,15]]}] => false
        GEO_INTERSECTS [{{{Frame}}}, {"type":"LineString","coordinates":[[4.5,5],[5.5,5]]}] => false
        GEO_INTERSECTS [{"type":"LineString","coordinates":[[0,0],[9,9]]}, {"type":"LineString","coordinates":[[0,9],[9,0]]}] => true
        GEO_INTERSECTS [{"type":"LineString","coordinates":[[0,0],[9,9]]}, {"type":"LineString","coordinates":[[10,0],[19,9]]}] => false
        GEO_INTERSECTS [{"type":"LineString","coordinates":[[0,0],[9,0]]}, [4,0]] => true
        GEO_INTERSECTS [[4,0], [4,0]] => true
        GEO_INTERSECTS [[4,0], {"type":"MultiPoint","coordinates":[[1,1]]}] => false
        GEO_INTERSECTS [{{{Square}}}, {"type":"Polygon","coordinates":[[[5,5],[15,5],[15,15],[5,15],[5,5]]]}] => true
        GEO_INTERSECTS [{{{Square}}}, {"type":"Polygon","coordinates":[[[4,-5],[6,-5],[6,15],[4,15],[4,-5]]]}] => true
        GEO_INTERSECTS [{{{Square}}}, {"type":"MultiPolygon","coordinates":[[[[20,20],[21,20],[21,21],[20,20]]]]}] => false
        GEO_INTERSECTS [{{{Square}}}, "x"] => null !1542
        GEO_EQUALS [{{{Square}}}, {{{Square}}}] => true
        GEO_EQUALS [{{{Square}}}, {{{Frame}}}] => false
        GEO_EQUALS [{{{Square}}}, {"type":"Polygon","coordinates":[[[10,0],[10,10],[0,10],[0,0],[10,0]]]}] => true
        GEO_EQUALS [{{{Square}}}, {"type":"Polygon","coordinates":[[[0,0],[0,10],[10,10],[10,0],[0,0]]]}] => true
        GEO_EQUALS [[1,2], {"type":"Point","coordinates":[1,2]}] => true
        GEO_EQUALS [[1,2], {"type":"MultiPoint","coordinates":[[1,2]]}] => false
        GEO_EQUALS [[1,2], [2,1]] => false
        GEO_EQUALS [[1,2], 1] => null !1542
        GEO_AREA [[1,2]] => 0
        GEO_AREA [{"type":"LineString","coordinates":[[0,0],[9,9]]}] => 0
        GEO_AREA [1] => null !1542
        GEO_AREA [{{{Square}}}, "mars"] => null !1542
        IS_IN_POLYGON [[[0,0],[0,10],[10,10],[10,0]], 5, 5] => true
        IS_IN_POLYGON [[[0,0],[0,10],[10,10],[10,0]], 15, 5] => false
        IS_IN_POLYGON [[[0,0],[0,10],[10,10],[10,0]], [5,5]] => true
        IS_IN_POLYGON [[[0,0],[0,10],[5,10],[5,0]], [2,8]] => true
        IS_IN_POLYGON [[[0,0],[0,10],[5,10],[5,0]], [8,2]] => false
        IS_IN_POLYGON [[[0,0],[10,0],[10,5],[0,5]], [8,2], true] => true
        IS_IN_POLYGON [[[0,0],[10,0],[10,5],[0,5]], [2,8], true] => false
        IS_IN_POLYGON [[[0,0],[0,10],[10,10],[10,0],[0,0]], 5, 5] => true
        IS_IN_POLYGON [[[0,0],[0,10]], 5, 5] => null !1542
        IS_IN_POLYGON ["x", 5, 5] => null !1542
        IS_IN_POLYGON [[[0,0],[0,10],[10,10]], "5", 5] => null !1542
        IS_IN_POLYGON [[[0,0],[0,10],[10,10]], 5] => null !1542
        IS_IN_POLYGON [[[0,0],[0,10],["a",10]], 5, 5] => null !1542
        IS_IN_POLYGON [[[0,0],[0,10],[10,10]], [5]] => null !1542
        """);

    [Theory, MemberData(nameof(Constructors))]
    public void Constructors_give(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Relations))]
    public void Relations_are(string line) => FunctionCase.Run(line);

    // Reference lengths: quarter meridian and equator of WGS 84; Flinders Peak to Buninyong (Geoscience Australia); opposite places over the pole.
    [Theory]
    [InlineData("[0,0]", "[0,90]", "wgs84", 10_001_965.729, 0.001)]
    [InlineData("[0,0]", "[90,0]", "wgs84", 10_018_754.171, 0.001)]
    [InlineData("[144.42486788888888,-37.95103341666667]", "[143.92649552777777,-37.652821138888886]", "wgs84", 54_972.271, 0.001)]
    [InlineData("[0,0]", "[180,0]", "wgs84", 20_003_931.459, 0.01)]
    [InlineData("[0,0]", "[179.7,0.5]", "wgs84", 19_944_127.421, 0.5)]
    [InlineData("[0,90]", "[0,-90]", "wgs84", 20_003_931.459, 0.01)]
    [InlineData("[0,0]", "[0,90]", "sphere", 10_007_543.398, 0.001)]
    [InlineData("[0,0]", """{"type":"LineString","coordinates":[[0,80],[0,100]]}""", "sphere", -1, 0)]
    [InlineData("[20,0]", """{"type":"LineString","coordinates":[[10,0],[20,0],[30,0]]}""", "sphere", 0, 0.001)]
    [InlineData("[0,0]", """{"type":"Polygon","coordinates":[[[-5,-5],[5,-5],[5,5],[-5,5],[-5,-5]]]}""", "sphere", 0, 0.001)]
    [InlineData("[50,90]", """{"type":"Polygon","coordinates":[[[0,60],[120,60],[-120,60],[0,60]]]}""", "sphere", 0, 0.001)]
    [InlineData("[5,0]", """{"type":"MultiPoint","coordinates":[[0,0],[10,0]]}""", "sphere", 0, 0.001)]
    public void Distances_are_those_of_the_model(string first, string second, string model, double metres, double tolerance)
    {
        var context = new FunctionTestContext();

        var distance = FunctionCase.Call(context, "GEO_DISTANCE", $"""[{first}, {second}, "{model}"]""");

        if (metres < 0)
            Assert.Equal([1542], context.Warnings);
        else
            Assert.Equal(metres, distance.Number, tolerance);
    }

    [Fact]
    public void Areas_are_those_of_the_model()
    {
        const double Radius = 6_371_000;
        const string Octant = """{"type":"Polygon","coordinates":[[[0,0],[90,0],[0,90],[0,0]]]}""";

        Assert.Equal(Math.PI / 2 * Radius * Radius, Area(Octant, "sphere"), 1.0);
        // An eighth of the surface of WGS 84.
        Assert.Equal(510_065_621_724_089.0 / 8, Area(Octant, "wgs84"), 1_000_000.0);
        Assert.Equal(Area(Square, "sphere"), Area(Frame, "sphere") + Area("""{"type":"Polygon","coordinates":[[[4,4],[6,4],[6,6],[4,6],[4,4]]]}""", "sphere"), 1.0);
        Assert.Equal(12_364e6, Area("""{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}""", "sphere"), 1e6);

        static double Area(string shape, string model) => FunctionCase.Call(new FunctionTestContext(), "GEO_AREA", $"""[{shape}, "{model}"]""").Number;
    }

    [Fact]
    public void Places_in_a_small_circle_are_exactly_those_near_its_centre()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var (longitude, latitude) = (random.NextDouble() * 360 - 180, random.NextDouble() * 160 - 80);
            var ring = string.Join(',', Enumerable.Range(0, 33).Select(i => Around(longitude, latitude, 5, i % 32 / 32.0)));
            var isNear = random.Next(2) == 0;
            var place = Around(longitude, latitude, isNear ? 4.5 : 5.5, random.NextDouble());

            var isIn = FunctionCase.Call(new FunctionTestContext(), "GEO_CONTAINS", $$"""[{"type":"Polygon","coordinates":[[{{ring}}]]}, {{place}}]""");

            Assert.True(isIn.IsTruthy == isNear, $"{longitude} {latitude} {place}");
        }
    }

    /// <summary>The place at some degrees from a centre, in a direction given as a share of a full turn.</summary>
    private static string Around(double longitude, double latitude, double degrees, double turn)
    {
        const double Radians = Math.PI / 180;
        var (phi, delta, theta) = (latitude * Radians, degrees * Radians, turn * 2 * Math.PI);
        var sine = Math.Sin(phi) * Math.Cos(delta) + Math.Cos(phi) * Math.Sin(delta) * Math.Cos(theta);
        var east = Math.Atan2(Math.Sin(theta) * Math.Sin(delta) * Math.Cos(phi), Math.Cos(delta) - Math.Sin(phi) * sine);
        var wrapped = Math.IEEERemainder(longitude + east / Radians, 360);
        return string.Create(CultureInfo.InvariantCulture, $"[{wrapped:R},{Math.Asin(sine) / Radians:R}]");
    }
}
