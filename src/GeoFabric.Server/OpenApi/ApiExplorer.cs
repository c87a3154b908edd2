using GeoFabric.Server.Http;

namespace GeoFabric.Server.OpenApi;

/// <summary>The API document and the explorer over it, both without the network.</summary>
internal static class ApiExplorer
{
    private const string DocumentPath = "/openapi/v1.json";

    /// <summary>Serves the explorer's pages at /swagger.</summary>
    public static void Use(WebApplication application)
    {
        application.Use((http, next) =>
        {
            // The explorer writes its styles into the page; scripts may come from this server only.
            if (http.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal))
            {
                http.Response.Headers.ContentSecurityPolicy =
                    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
            }
            return next();
        });
        application.UseSwaggerUI(explorer =>
        {
            explorer.RoutePrefix = "swagger";
            explorer.DocumentTitle = "GeoFabric API";
            explorer.SwaggerEndpoint(DocumentPath, "GeoFabric");
            explorer.ConfigObject.DocExpansion = Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None;
        });
    }

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
