using GeoFabric.Server.Http;

namespace GeoFabric.Server.OpenApi;

/// <summary>The API document and the explorer over it, both without the network.</summary>
internal static class ApiExplorer
{
    private const string DocumentPath = "/openapi/v1.json";
    private const string TokenScriptPath = "/swagger/token.js";

    /// <summary>
    /// Hands the token of a console that is open in the same tab to the explorer, as soon as that knows the API document. It stays in the tab: the explorer
    /// is not told to remember it.
    /// </summary>
    private const string TokenScript = """
        (function () {
          const token = sessionStorage.getItem('geofabric.token');
          let attempts = 200;
          function hand() {
            if ((!window.ui || !window.ui.preauthorizeApiKey('bearer', token)) && --attempts > 0)
              setTimeout(hand, 50);
          }
          if (token)
            hand();
        })();

        """;

    /// <summary>Serves the explorer's pages at /swagger. Other paths do not pass through it: it matches patterns on every path it sees.</summary>
    public static void Use(WebApplication application) =>
        application.UseWhen(http => http.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal), explorer =>
        {
            explorer.Use((http, next) =>
            {
                // The explorer writes its styles into the page; scripts may come from this server only.
                http.Response.Headers.ContentSecurityPolicy =
                    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'";
                return next(http);
            });
            explorer.Use((http, next) => http.Request.Path == TokenScriptPath ? SendTokenScriptAsync(http) : next(http));
            explorer.UseSwaggerUI(options =>
            {
                options.RoutePrefix = "swagger";
                options.DocumentTitle = "GeoFabric API";
                options.InjectJavascript(TokenScriptPath);
                options.SwaggerEndpoint(DocumentPath, "GeoFabric");
                options.ConfigObject.DocExpansion = Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None;
            });
        });

    public static void Map(WebApplication application)
    {
        var document = OpenApiDocument.Write();
        application.MapGet(DocumentPath, (RequestDelegate)(http => ResultWriter.SendAsync(http, 200, document)));
    }

    private static Task SendTokenScriptAsync(HttpContext http)
    {
        http.Response.ContentType = "text/javascript; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        return http.Response.WriteAsync(TokenScript, http.RequestAborted);
    }
}
