using GeoFabric.Server.Http;

namespace GeoFabric.Server.OpenApi;

/// <summary>The API document and the explorer over it, both without the network.</summary>
internal static class ApiExplorer
{
    private const string DocumentPath = "/openapi/v1.json";

    /// <summary>Serves the explorer's pages at /swagger. Other paths do not pass through it: it matches patterns on every path it sees.</summary>
    public static void Use(WebApplication application) =>
        application.UseWhen(http => http.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal), explorer =>
        {
            explorer.Use((http, next) =>
            {
                // The explorer writes its styles into the page; scripts may come from this server only.
                http.Response.Headers.ContentSecurityPolicy =
                    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
                return next(http);
            });
            explorer.UseSwaggerUI(options =>
            {
                options.RoutePrefix = "swagger";
                options.DocumentTitle = "GeoFabric API";
                options.SwaggerEndpoint(DocumentPath, "GeoFabric");
                options.ConfigObject.DocExpansion = Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None;
            });
        });

    public static void Map(WebApplication application)
    {
        var document = OpenApiDocument.Write();
        application.MapGet(DocumentPath, (RequestDelegate)(http => ResultWriter.SendAsync(http, 200, document)));
        application.MapGet("/", (RequestDelegate)(http =>
        {
            http.Response.Redirect("/swagger/index.html");
            return Task.CompletedTask;
        }));
    }
}
